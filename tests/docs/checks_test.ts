/** CHECKS.md and `doctor` have the same checks; states and codes that it names are the code's. */
import assert from "node:assert/strict";
import * as v from "valibot";
import { SYNC_STATES } from "../../src/model/events.ts";
import { runProgram } from "../cli/support/program.ts";
import { makeSources } from "../cli/support/sources.ts";
import { codeIn, readPage, tableRows } from "./support/pages.ts";

const Diagnosis = v.object({ checks: v.array(v.object({ id: v.string() })) });
/** Where failures are made that end the program. */
const CODES_STAND_IN = [
  "src/platform/volume.ts",
  "src/store/own_file.ts",
  "src/store/database.ts",
  "src/sqlite/least_version.ts",
  "src/store/open_failure.ts",
  "src/notify/listen.ts",
  "src/cli/run.ts",
];
const page = readPage("src/doctor/CHECKS.md");

Deno.test("CHECKS.md has every check of doctor in its order, and none besides", async () => {
  using sources = makeSources();
  const { stdout } = await runProgram(["doctor", "--json", ...sources.flags]);
  const { checks } = v.parse(Diagnosis, JSON.parse(stdout));
  const rows = tableRows(page, "check").flatMap(([id = ""]) => codeIn(id));
  assert.deepEqual(rows, checks.map(({ id }) => id));
});

Deno.test("CHECKS.md names states that there are", () => {
  const states: readonly string[] = SYNC_STATES;
  const named = tableRows(page, "what is wrong").flatMap(([, state = ""]) => codeIn(state))
    .filter((word) => /^[a-z_]+$/.test(word));
  assert.ok(named.length > 0);
  for (const state of named) assert.ok(states.includes(state), state);
});

Deno.test("CHECKS.md names failures that the code has", () => {
  const source = CODES_STAND_IN.map(readPage).join("\n");
  const codes = tableRows(page, "what ended it").flatMap(([what = ""]) =>
    [...what.matchAll(/\(`([a-z_]+)`\)$/g)].map(([, code = ""]) => code)
  );
  assert.ok(codes.length > 0);
  for (const code of codes) assert.ok(source.includes(`"${code}"`), code);
});

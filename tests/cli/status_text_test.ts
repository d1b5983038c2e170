import { equal, match, ok } from "node:assert/strict";
import { STATUS } from "../support/status.ts";
import { statusText } from "../../src/cli/status.ts";

Deno.test("statusText() says how many rows have waited for more than a day when there are such", () => {
  match(
    statusText({ ...STATUS, pending: 1_204, pending_old: 3 }, null, 0),
    /^ *Waiting +1,204 for the rest of their data, 3 of them for more than a day$/m,
  );
  const young = statusText({ ...STATUS, pending: 2 }, null, 0);
  match(young, /^ *Waiting +2 for the rest of their data$/m);
  ok(!statusText(STATUS, null, 0).includes("Waiting"));
});

Deno.test("statusText() says when everything was compared, and what that mended", () => {
  const at = new Date(2026, 10, 22, 9, 5, 7).toISOString();
  const compared = (missing: number, different: number) =>
    statusText({ ...STATUS, reconcile: { at, missing, extra: 0, different } }, null, 0);
  match(compared(0, 0), /^Checked +2026-11-22 09:05:07: nothing missing$/m);
  match(compared(1, 1_204), /^Checked +2026-11-22 09:05:07: fixed 1 missing, 1,204 different$/m);
  match(statusText({ ...STATUS, not_in_source: 7 }, null, 0), /^Kept +7 that Messages does not have/m);
});

Deno.test("statusText() promises a first check only where one can come", () => {
  const holder = { pid: 7, doing: "run", since: null, info: null } as const;
  const checked = (state: string, by: Parameters<typeof statusText>[1]) =>
    /^Checked +(.*)$/m.exec(statusText({ ...STATUS, state }, by, 0))?.[1];
  equal(checked("not_running", null), "not yet: that needs a running instance");
  equal(checked("live", holder), "not yet: the first check runs soon after the start");
  equal(checked("source_missing", holder), "not yet: it runs when syncing resumes");
});

Deno.test("statusText() folds long values below their own column when the terminal is narrow", () => {
  const hint = "Open Messages once, or name the file with --messages-db. Syncing resumes automatically.";
  const sources = [{ kind: "messages", path: "/m/chat.db", state: "missing", hint }];
  const lines = statusText({ ...STATUS, sources }, null, 0, 80).trimEnd().split("\n");
  ok(lines.every((line) => line.length <= 80), lines.join("\n"));
  const column = (lines[0] ?? "").indexOf(STATUS.state);
  ok(column > 0 && lines.some((line) => new RegExp(`^ {${column}}\\S`).test(line)), lines.join("\n"));
  const holder = { pid: 7, doing: "run", since: null, info: null } as const;
  ok(statusText({ ...STATUS, sources }, holder, 0).includes(`  ${hint}\n`), "piped, a line stays whole");
  ok(!statusText({ ...STATUS, sources }, null, 0).includes("resumes"), "nothing runs that could keep it");
});

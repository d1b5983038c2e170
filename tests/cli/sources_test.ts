/** Places that somebody named and that are not there, and stores that may not be read. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import * as v from "valibot";
import { Patient } from "../doctor/support/patient.ts";
import { boundByPermissions } from "../support/bound_by_permissions.ts";
import { RunningProgram, runProgram } from "./support/program.ts";

const before = boundByPermissions();
const Status = v.object({
  state: v.string(),
  running: v.boolean(),
  holder: v.null(),
  sources: v.array(v.object({ kind: v.string(), state: v.string() })),
});

Deno.test("sync says so and exits 1 before it does anything when the folder of --addressbook-dir is not there", async () => {
  using patient = new Patient();
  const flags = ["--messages-db", patient.messagesDb, "--database", patient.database];
  const typo = `${patient.folder}/AdressBook`;
  for (
    const [args, env] of [[["--addressbook-dir", typo], {}], [[], {
      CHATSTATS_ADDRESSBOOK_DIR: typo,
    }]] as const
  ) {
    const { code, stdout, stderr } = await runProgram(["sync", ...flags, ...args], env);
    equal(code, 1);
    equal(stdout, "");
    match(
      stderr,
      /^\S+\/AdressBook not found: the folder that --addressbook-dir names does not exist\. [^\n]+\n$/,
    );
  }
  // The usual folder is missing where nobody has ever used Contacts, and nobody named it.
  if (Deno.build.os === "darwin") return;
  const { code, stderr } = await runProgram(["sync", ...flags]);
  equal(code, 0, stderr);
});

Deno.test("run warns and goes on when the folder of --addressbook-dir is not there", async () => {
  using patient = new Patient();
  await using program = new RunningProgram([
    ...["run", "--messages-db", patient.messagesDb, "--database", patient.database],
    ...["--addressbook-dir", `${patient.folder}/AdressBook`],
  ]);
  await program.lineErr((line) => line.includes("AdressBook not found"));
  await program.lineErr((line) => line.includes('"serving"'));
});

Deno.test({
  name: "status tells of a store that may not be read, and that nothing runs, when there is no instance",
  ignore: before === null,
  fn: async () => {
    using patient = new Patient();
    equal((await runProgram(["sync", ...patient.flags])).code, 0);
    patient.quitApps();
    for (const { name } of Deno.readDirSync(patient.addressBook)) {
      if (name.startsWith("AddressBook-v22")) Deno.chmodSync(`${patient.addressBook}/${name}`, 0);
    }
    await using program = new RunningProgram(["status", "--json", ...patient.flags], {}, before ?? []);
    const { code, stdout, stderr } = await program.ended();
    equal(code, 0, stderr);
    const { state, running, sources } = v.parse(Status, JSON.parse(stdout));
    deepEqual([state, running], ["not_running", false]);
    ok(sources.some(({ kind, state }) => kind === "contacts" && state === "needs_permission"), stdout);
  },
});

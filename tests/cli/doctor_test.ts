/** `doctor` as a real process. What each check finds: tests/doctor/. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import * as v from "valibot";
import { Patient } from "../doctor/support/patient.ts";
import { boundByPermissions } from "../support/bound_by_permissions.ts";
import { type Ended, parseObject, RunningProgram, runProgram } from "./support/program.ts";

const before = boundByPermissions();
const Answer = v.strictObject({
  ok: v.boolean(),
  checks: v.array(v.strictObject({ id: v.string(), ok: v.boolean(), message: v.string(), fix: v.string() })),
});

/** Ids of the checks that failed, with their mends. */
function failures({ stdout }: Ended): Map<string, string> {
  const { ok: all, checks } = v.parse(Answer, JSON.parse(stdout));
  equal(all, checks.every((each) => each.ok));
  return new Map(checks.filter((each) => !each.ok).map(({ id, fix }) => [id, fix]));
}

/** As a process that file permissions bind. */
async function boundDoctor(patient: Patient): Promise<Ended> {
  await using program = new RunningProgram(["doctor", "--json", ...patient.flags], {}, before ?? []);
  return await program.ended();
}

Deno.test("doctor exits 0 with the contract's JSON, or in words, and makes nothing when all is well", async () => {
  using patient = new Patient();
  const files = patient.files();
  const json = await runProgram(["doctor", "--json", ...patient.flags]);
  equal(json.code, 0, json.stderr);
  deepEqual([...failures(json)], []);
  equal(json.stdout.split("\n").length, 2);
  const words = await runProgram(["doctor", ...patient.flags]);
  equal(words.code, 0);
  equal(words.stderr, "");
  match(words.stdout, /^ {2}✓ Version {7}ChatStats Live-Sync \d/);
  match(words.stdout, /\n\nAll checks passed\.\n$/);
  deepEqual(patient.files(), files);
});

Deno.test("doctor exits 1 and says how to mend it when something but the permission is wrong", async () => {
  using patient = new Patient();
  const gone = ["--addressbook-dir", `${patient.folder}/nowhere`];
  const { code, stdout } = await runProgram(["doctor", ...patient.flags, ...gone]);
  equal(code, 1);
  match(stdout, /^ {2}✗ Contacts [^]*?not found: [^]*?\n {18}→ Check how it is written/m);
  match(stdout, /\n\n1 problem; the fix is marked →\. Then: npx -y deno@2\.9\.6 task doctor --/);
});

Deno.test("doctor exits 3 when a source may not be read, and 1 when our folder may not be written", {
  ignore: before === null,
}, async () => {
  using patient = new Patient();
  Deno.mkdirSync(`${patient.folder}/ours`);
  // Its folder can't be listed, but the file be seen: as macOS does without Full Disk Access.
  Deno.chmodSync(`${patient.folder}/Messages`, 0o100);
  const messages = await boundDoctor(patient);
  Deno.chmodSync(`${patient.folder}/Messages`, 0o700);
  equal(messages.code, 3, messages.stdout);
  const found = failures(messages);
  deepEqual([...found.keys()], ["messages_database", "permission", "schema"]);
  match(found.get("permission") ?? "", /Full Disk Access/);
  equal(found.get("messages_database"), "See what stands at the permission.");
  Deno.chmodSync(patient.contacts.folder, 0o000);
  const contacts = await boundDoctor(patient);
  Deno.chmodSync(patient.contacts.folder, 0o700);
  equal(contacts.code, 3);
  deepEqual([...failures(contacts).keys()], ["permission", "contacts"]);

  Deno.chmodSync(`${patient.folder}/ours`, 0o500);
  const ours = await boundDoctor(patient);
  Deno.chmodSync(`${patient.folder}/ours`, 0o700);
  equal(ours.code, 1);
  deepEqual([...failures(ours).keys()], ["database"]);
});

Deno.test("doctor exits 0 and names the instance, never its token, when one runs", async () => {
  using patient = new Patient();
  await using program = new RunningProgram(["--sidecar", ...patient.flags]);
  const { url, token } = parseObject(await program.lineOut((line) => line.includes('"ready"')));
  await program.lineOut((line) => line.includes('"state":"live"'));
  const doctor = await runProgram(["doctor", ...patient.flags]);
  equal(doctor.code, 0, doctor.stdout);
  match(doctor.stdout, new RegExp(`Process ${program.pid} \\(serving\\s+${url}`));
  ok(typeof token === "string" && !doctor.stdout.includes(token) && !doctor.stderr.includes(token));
});

Deno.test("run, sync, status, contacts and doctor say so and exit 1 when a newer version made the database", async () => {
  using patient = new Patient();
  patient.makeOurs((db) => db.exec("PRAGMA user_version = 99"));
  for (const command of [["sync"], ["status"], ["contacts", "merges"], ["run"]]) {
    const { code, stdout, stderr } = await runProgram([...command, ...patient.flags]);
    deepEqual([code, stdout], [1, ""], command.join(" "));
    match(
      stderr,
      /was made by a newer version of ChatStats Live-Sync .*Install the newest version/m,
    );
  }
  const doctor = await runProgram(["doctor", "--json", ...patient.flags]);
  equal(doctor.code, 1);
  deepEqual([...failures(doctor).keys()], ["version"]);
});

/** Each check of `doctor`, well and broken, on real files. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { LiveSyncError } from "../../src/model/errors.ts";
import { acquireInstance } from "../../src/platform/instance.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { VERSION } from "../../src/platform/version.ts";
import { check, Patient, red } from "./support/patient.ts";

const IDS = [
  ...["version", "messages_database", "permission", "schema", "contacts", "database", "volume", "disk"],
  ...["port", "instance", "agent"],
];

/** A failed check is told in a sentence, and what to do in another. */
function told(patient: { message: string; fix: string }, message: RegExp, fix: RegExp): void {
  match(patient.message, message);
  match(patient.message, /\.$/);
  match(patient.fix, fix);
}

Deno.test("diagnose() passes every check and touches nothing when all is well, with and without a database of ours", async () => {
  for (const state of ["no database", "database", "apps quit"]) {
    using patient = new Patient();
    if (state !== "no database") patient.makeOurs();
    if (state === "apps quit") patient.quitApps();
    const before = patient.files();
    const diagnosis = await patient.diagnose();
    deepEqual(diagnosis.checks.map(({ id }) => id), IDS);
    deepEqual(red(diagnosis), [], state);
    ok(diagnosis.ok && !diagnosis.noPermission);
    ok(diagnosis.checks.every(({ fix, message }) => fix === "" && message.endsWith(".")));
    match(check(diagnosis, "contacts").message, /^1 contact in /);
    deepEqual(patient.files(), before, state);
  }
});

Deno.test("diagnose() says what is wrong with Messages' database when it is missing, a folder, damaged or not Messages'", async () => {
  const breaks: [string, (patient: Patient) => void, string[], RegExp, RegExp][] = [
    ["missing", () => {}, ["messages_database", "schema"], /the file does not exist/, /^Open Messages once/],
    [
      "folder",
      (patient) => Deno.mkdirSync(patient.messagesDb),
      ["messages_database", "schema"],
      /it is a folder/,
      /--messages-db/,
    ],
    [
      "garbage",
      (patient) => Deno.writeTextFileSync(patient.messagesDb, "no database ".repeat(100)),
      ["messages_database", "schema"],
      /it is no SQLite database/,
      /--messages-db|backup/,
    ],
    [
      "foreign",
      (patient) => {
        using other = openDatabase(patient.messagesDb);
        other.exec("CREATE TABLE notes (text)");
      },
      ["schema"],
      /it has no table message, chat, handle/,
      /newer version of this program/,
    ],
  ];
  for (const [how, breakIt, expected, message, fix] of breaks) {
    using patient = new Patient();
    patient.quitApps();
    Deno.removeSync(patient.messagesDb);
    breakIt(patient);
    const diagnosis = await patient.diagnose();
    deepEqual(red(diagnosis), expected, how);
    const first = diagnosis.checks.find((each) => !each.ok);
    ok(first !== undefined);
    told(first, message, fix);
    ok(!diagnosis.noPermission);
  }
});

Deno.test("diagnose() names the column when Messages' tables lack one that is needed, and none that is not", async () => {
  using patient = new Patient();
  patient.messages.exec("ALTER TABLE message DROP COLUMN date_edited");
  const known = await patient.diagnose();
  deepEqual(red(known), []);
  match(check(known, "schema").message, /does without (.*, )?message\.date_edited/);
  patient.messages.exec("ALTER TABLE chat_message_join RENAME COLUMN message_id TO message");
  const unknown = await patient.diagnose();
  deepEqual(red(unknown), ["schema"]);
  match(check(unknown, "schema").message, /no column chat_message_join\.message_id\.$/);
});

Deno.test("diagnose() fails contacts alone when the AddressBook is missing or one of its stores is broken", async () => {
  {
    using patient = new Patient();
    const diagnosis = await patient.diagnose({}, { addressbookDir: `${patient.folder}/nowhere` });
    deepEqual(red(diagnosis), ["contacts"]);
    told(
      check(diagnosis, "contacts"),
      /nowhere not found: the folder that --addressbook-dir names/,
      /leave the flag out/,
    );
    // A machine without Contacts has no such folder, and nobody named it.
    const usual = await patient.diagnose({ isAddressBookNamed: false }, {
      addressbookDir: `${patient.folder}/nowhere`,
    });
    deepEqual(red(usual), []);
    match(check(usual, "contacts").message, /people are shown by their numbers/);
  }
  for (const [how, words] of [["not_a_database", /no SQLite/], ["other_shape", /no Z_PRIMARYKEY/]] as const) {
    using patient = new Patient();
    const { store } = patient.contacts.addStore({});
    patient.contacts.breakStore({ store, how });
    const diagnosis = await patient.diagnose();
    deepEqual(red(diagnosis), ["contacts"], how);
    ok(check(diagnosis, "contacts").message.includes(store));
    match(check(diagnosis, "contacts").message, words);
    ok(check(diagnosis, "contacts").fix !== "");
  }
  using empty = new Patient();
  Deno.mkdirSync(`${empty.folder}/empty`);
  const diagnosis = await empty.diagnose({}, { addressbookDir: `${empty.folder}/empty` });
  deepEqual(red(diagnosis), []);
  match(check(diagnosis, "contacts").message, /no contacts yet/);
});

Deno.test("diagnose() fails the database when it is damaged, another program's, a folder, or in what is no folder", async () => {
  const breaks: [string, (patient: Patient) => void, RegExp, RegExp][] = [
    ["damaged", (patient) => damageIndex(patient), /is damaged: /, /^Stop the program, move this file away/],
    [
      "garbage",
      (patient) => {
        Deno.mkdirSync(`${patient.folder}/ours`);
        Deno.writeTextFileSync(patient.database, "no database ".repeat(100));
      },
      /it is no SQLite database/,
      /move it away/,
    ],
    [
      "foreign",
      (patient) => {
        Deno.mkdirSync(`${patient.folder}/ours`);
        using other = openDatabase(patient.database);
        other.exec("CREATE TABLE notes (text)");
      },
      /the database of another program/,
      /--database/,
    ],
    [
      "folder",
      (patient) => Deno.mkdirSync(patient.database, { recursive: true }),
      /is a folder/,
      /--database/,
    ],
    [
      "file above",
      (patient) => Deno.writeTextFileSync(`${patient.folder}/ours`, ""),
      /ours is a file, not a folder/,
      /--database/,
    ],
  ];
  for (const [how, breakIt, message, fix] of breaks) {
    using patient = new Patient();
    breakIt(patient);
    const before = patient.files();
    const diagnosis = await patient.diagnose();
    deepEqual(red(diagnosis), ["database"], how);
    told(check(diagnosis, "database"), message, fix);
    deepEqual(patient.files(), before, how);
  }
});

/** An index has lost its entries, which no start would notice. */
function damageIndex(patient: Patient): void {
  patient.makeOurs((db) => db.exec("INSERT INTO chats (id, chat_identifier, is_group) VALUES (7, 'x', 0)"));
  const db = openDatabase(patient.database);
  const row = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_chats_1'").get();
  db.close();
  const bytes = Deno.readFileSync(patient.database);
  // The header of a leaf of an index without cells.
  bytes.set([10, 0, 0, 0, 0, 16, 0, 0], (Number(row?.["rootpage"]) - 1) * 4096);
  Deno.writeFileSync(patient.database, bytes);
}

Deno.test("diagnose() tells an older database from a newer one, which alone fails", async () => {
  using older = new Patient();
  older.makeOurs((db) => db.exec("PRAGMA user_version = 1"));
  const before = older.files();
  const diagnosis = await older.diagnose();
  deepEqual(red(diagnosis), []);
  match(check(diagnosis, "database").message, /will be brought up to date at the next start/);
  match(check(diagnosis, "version").message, /schema 1 of \d+/);
  deepEqual(older.files(), before);

  using newer = new Patient();
  newer.makeOurs((db) => db.exec("PRAGMA user_version = 99"));
  const refused = await newer.diagnose();
  deepEqual(red(refused), ["version"]);
  told(check(refused, "version"), /a newer version made the database \(schema 99/, /^Install the newest/);
});

Deno.test("diagnose() checks the database of a running instance, and that this one answers and is well", async () => {
  using patient = new Patient();
  patient.makeOurs();
  const { lock } = await acquireInstance(patient.database, systemClock);
  ok(lock);
  using held = lock;
  using db = openDatabase(patient.database);
  db.exec("INSERT INTO chats (id, chat_identifier, is_group) VALUES (7, 'x', 0)");
  const starting = await patient.diagnose();
  deepEqual(red(starting), []);
  match(check(starting, "instance").message, /^Process \d+ \(starting since [0-9:]+\)\.$/);

  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const path = new URL(request.url).pathname;
    if (path === "/health") return Response.json({ status: "ok", state, version: VERSION });
    return Response.json({ sources: [{ state, hint: "Allow it." }] });
  });
  let state = "live";
  const { port } = server.addr;
  held.publish({
    pid: Deno.pid,
    url: `http://127.0.0.1:${port}`,
    ws: "",
    token: "T",
    feed: "F",
    version: VERSION,
    started_at: "2026-01-01T00:00:00Z",
    database: patient.database,
  });
  const live = await patient.diagnose({}, { port });
  deepEqual(red(live), []);
  match(check(live, "port").message, /is the running instance's own/);
  match(check(live, "instance").message, / is live\.$/);

  state = "needs_permission";
  const forbidden = await patient.diagnose();
  deepEqual(red(forbidden), ["permission", "instance"]);
  ok(forbidden.noPermission);
  equal(check(forbidden, "permission").fix, "Allow it.");
  await server.shutdown();
  const silent = await patient.diagnose();
  deepEqual(red(silent), ["instance"]);
  told(check(silent, "instance"), /does not answer/, /Activity Monitor/);
});

Deno.test("diagnose() fails the port when another program has it", async () => {
  using patient = new Patient();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const diagnosis = await patient.diagnose({}, { port });
  deepEqual(red(diagnosis), ["port"]);
  told(check(diagnosis, "port"), /another program is using it/, /^Leave --port away/);
  taken.close();
  deepEqual(red(await patient.diagnose({}, { port })), []);
});

Deno.test("diagnose() fails disk, volume, agent or writing alone when the machine says so", async () => {
  using patient = new Patient();
  const full = await patient.diagnose({
    run: ([program]) =>
      Promise.resolve({
        code: 0,
        stdout: program === "df" ? "F 1 2 3 C M\n/dev/x 9 8 1024 99% /\n" : "",
        stderr: "",
      }),
  });
  deepEqual(red(full), ["disk"]);
  told(check(full, "disk"), /^1 MB are free at .* about 268 MB are needed\.$/, /Trash/);

  const readOnly = await patient.diagnose({
    run: ([program]) => Promise.resolve({ code: program === "test" ? 1 : 127, stdout: "", stderr: "" }),
  });
  deepEqual(red(readOnly), ["database"]);
  told(check(readOnly, "database"), /not allowed to write/, /--database/);
  match(check(readOnly, "disk").message, /unknown/);

  const refuseVolume = () => {
    throw new LiveSyncError("network_volume", "Cannot keep the database there: it is far", "Move it.");
  };
  const far = await patient.diagnose({ refuseVolume });
  deepEqual(red(far), ["volume"]);
  equal(check(far, "volume").fix, "Move it.");

  const state = { installed: true, running: false, pid: null, programMissing: false, detail: "Installed." };
  deepEqual(red(await patient.diagnose({ agentState: () => Promise.resolve(state) })), ["agent"]);
  const unforeseen = await patient.diagnose({
    agentState: () => Promise.reject(new Error("launchd is odd")),
  });
  deepEqual(red(unforeseen), ["agent"]);
  told(check(unforeseen, "agent"), /launchd is odd/, /report it/);
});

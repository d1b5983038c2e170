import assert from "node:assert/strict";
import { parseContactsArgs } from "../../src/simulator/contacts/process.ts";
import { storePath } from "../../src/simulator/contacts_app.ts";
import { startContactsProcess } from "../../src/simulator/contacts_process.ts";
import { ownExecutable } from "../../src/simulator/messages_process.ts";
import { integer } from "../../src/sqlite/row.ts";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { temporaryFolder } from "./support/temporary.ts";

const command = ownExecutable(import.meta.resolve("./support/contacts_app_entry.ts"));

Deno.test("ContactsProcess commits from another process, and a reader here sees each commit", async () => {
  using folder = temporaryFolder();
  await using app = startContactsProcess({ command, folder: folder.path, seed: 4, entityShift: -1 });
  const { store, path } = await app.addStore();
  assert.equal(path, storePath(folder.path, store));
  assert.notEqual(app.pid, Deno.pid);
  using reader = openDatabase(path, { readOnly: true });
  const version = () => integer(reader.prepare("PRAGMA data_version").get() ?? {}, "data_version");
  const before = version();
  const started = performance.timeOrigin + performance.now();
  const nora = await app.addCard({ store, firstName: "Nora", emails: ["nora@example.com"] });
  assert.ok(nora.committedAtMs > started - 50);
  assert.notEqual(version(), before);
  const seen = () =>
    reader.prepare("SELECT ZFIRSTNAME AS name, Z_ENT AS entity FROM ZABCDRECORD WHERE Z_PK = :key")
      .get({ key: nora.record });
  assert.deepEqual({ ...seen() }, { name: "Nora", entity: 21 });
  await app.editCard({ store, uniqueId: nora.uniqueId, firstName: "Eleonora" });
  assert.equal(seen()?.["name"], "Eleonora");
  const other = await app.addCard({ store: "root", firstName: "Nora" });
  const { linkId } = await app.linkCards({
    cards: [nora, other].map(({ store, uniqueId }) => ({ store, uniqueId })),
  });
  assert.deepEqual(
    await app.sql("root", "SELECT ZFIRSTNAME AS name FROM ZABCDRECORD WHERE ZLINKID = :linkId", { linkId }),
    [
      { name: "Nora" },
    ],
  );
  await app.deleteCard({ store, uniqueId: nora.uniqueId });
  assert.equal(seen(), undefined);
});

Deno.test("ContactsProcess answers with errors and goes on", async () => {
  using folder = temporaryFolder();
  await using app = startContactsProcess({ command, folder: folder.path });
  await assert.rejects(app.addCard({ store: "nowhere" }), { code: "no_such_store" });
  const misspelt = { store: "root", frstName: "Nora" };
  await assert.rejects(app.addCard(misspelt), { code: "bad_command" });
  const { store } = await app.addStore({ store: "11111111-0000-4000-8000-000000000000" });
  await app.addCard({ store, firstName: "Sam" });
  assert.equal((await app.checkpoint({ store, mode: "TRUNCATE" })).busy, false);
  await app.breakStore({ store, how: "not_a_database" });
  await assert.rejects(app.addCard({ store }), { code: "no_such_store" });
  await app.removeStore({ store });
  await assert.rejects(Deno.stat(`${folder.path}/Sources/${store}`), Deno.errors.NotFound);
  await app.addCard({ store: "root", firstName: "Nora" });
});

Deno.test("kill() leaves the WAL behind, and close() takes it away", async () => {
  using folder = temporaryFolder();
  const wal = `${storePath(folder.path, "root")}-wal`;
  const first = startContactsProcess({ command, folder: folder.path });
  await first.addCard({ store: "root", firstName: "Nora" });
  await first.kill();
  assert.ok((await Deno.stat(wal)).size > 0);
  await assert.rejects(first.addStore(), { code: "contacts_app_gone" });
  const second = startContactsProcess({ command, folder: folder.path });
  assert.deepEqual(
    await second.sql("root", "SELECT count(*) AS n FROM ZABCDRECORD WHERE ZFIRSTNAME = 'Nora'"),
    [
      { n: 1 },
    ],
  );
  assert.equal(await second.close(), 0);
  await assert.rejects(Deno.stat(wal), Deno.errors.NotFound);
});

Deno.test("main.ts starts the simulated Contacts app under its hidden command", async () => {
  using folder = temporaryFolder();
  const main = ownExecutable(import.meta.resolve("../../main.ts"));
  await using app = startContactsProcess({ command: main, folder: folder.path });
  assert.ok((await app.addCard({ store: "root", firstName: "Nora" })).record > 0);
});

Deno.test("parseContactsArgs() refuses what it does not know", () => {
  assert.deepEqual(parseContactsArgs(["--folder", "x"]), { folder: "x", seed: 1, entityShift: 0 });
  assert.equal(parseContactsArgs(["--folder", "x", "--entity-shift=-3"]).entityShift, -3);
  assert.throws(() => parseContactsArgs([]), { code: "usage" });
  assert.throws(() => parseContactsArgs(["--folder", "x", "--seed", "y"]), { code: "usage" });
});

import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { startContactsProcess } from "../../src/simulator/contacts_process.ts";
import { ownExecutable } from "../../src/simulator/messages_process.ts";
import { discoverStores, storeToken } from "../../src/source/address_book.ts";
import { openStore, readStore } from "../../src/source/cards.ts";
import { AddressBookFixture } from "./support/address_book.ts";

const command = ownExecutable(import.meta.resolve("../simulator/support/contacts_app_entry.ts"));
const [A, B] = ["11111111-0000-4000-8000-000000000000", "22222222-0000-4000-8000-000000000000"];
/** Long after any file here was written. */
const LATER = Date.UTC(2100, 0, 1);

function found(folder: string): readonly string[] {
  const stores = discoverStores(folder);
  equal(stores.kind, "found");
  return stores.kind === "found" ? stores.paths.map((path) => path.slice(folder.length + 1)) : [];
}

Deno.test("discoverStores() lists the root store and every source when they are there, also one that appears later", () => {
  using fixture = new AddressBookFixture();
  fixture.app.addStore({ store: B });
  deepEqual(found(fixture.folder), ["AddressBook-v22.abcddb", `Sources/${B}/AddressBook-v22.abcddb`]);
  fixture.app.addStore({ store: A });
  Deno.mkdirSync(`${fixture.folder}/Sources/an empty one`);
  Deno.writeTextFileSync(`${fixture.folder}/Sources/.DS_Store`, "");
  deepEqual(found(fixture.folder), [
    "AddressBook-v22.abcddb",
    `Sources/${A}/AddressBook-v22.abcddb`,
    `Sources/${B}/AddressBook-v22.abcddb`,
  ]);
  fixture.app.removeStore({ store: B });
  fixture.app.removeStore({ store: "root" });
  deepEqual(found(fixture.folder), [`Sources/${A}/AddressBook-v22.abcddb`]);
});

Deno.test("discoverStores() finds nothing when the folder holds no store", () => {
  const folder = Deno.makeTempDirSync();
  deepEqual(discoverStores(folder), { kind: "found", paths: [] });
  Deno.removeSync(folder);
});

Deno.test("discoverStores() tells missing from unusable when there is no folder to list", () => {
  const folder = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${folder}/file`, "");
  Deno.symlinkSync(`${folder}/loop`, `${folder}/loop`);
  equal(discoverStores(`${folder}/nowhere`).kind, "missing");
  equal(discoverStores(`${folder}/file`).kind, "missing");
  equal(discoverStores(`${folder}/loop`).kind, "unusable");
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("discoverStores() says forbidden when the folder or its sources can't be listed", async () => {
  const folder = Deno.makeTempDirSync();
  Deno.mkdirSync(`${folder}/Sources`);
  // Root may list everything, so Deno's own permission stands in for the system's.
  const kinds = async (...flags: string[]) => {
    const module = import.meta.resolve("./support/discover_child.ts");
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", ...flags, module, folder],
      stderr: "inherit",
    });
    return new TextDecoder().decode((await child.output()).stdout).trim();
  };
  equal(await kinds(`--allow-read=${folder}`), "found");
  equal(await kinds(), "forbidden");
  equal(await kinds(`--allow-read=${folder}`, `--deny-read=${folder}/Sources`), "forbidden");
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("storeToken() moves when Contacts in another process commits to the WAL alone", async () => {
  using fixture = new AddressBookFixture();
  fixture.app[Symbol.dispose]();
  const path = fixture.path("root");
  await using contacts = startContactsProcess({ command, folder: fixture.folder });
  const { uniqueId } = await contacts.addCard({ store: "root", firstName: "Mum" });
  const before = Deno.statSync(path);
  const token = storeToken(path, LATER);
  equal(storeToken(path, LATER), token);
  await contacts.editCard({ store: "root", uniqueId, firstName: "Jane" });
  const after = Deno.statSync(path);
  deepEqual([after.size, after.mtime], [before.size, before.mtime]);
  notEqual(storeToken(path, LATER), token);
  equal(fixture.read("root").cards[0]?.firstName, "Jane");
});

Deno.test("storeToken() moves when the WAL is reused at equal size", async () => {
  using fixture = new AddressBookFixture();
  const { uniqueId } = fixture.app.addCard({ store: "root", firstName: "Mum" });
  fixture.app.editCard({ store: "root", uniqueId, firstName: "Mama" });
  const path = fixture.path("root");
  equal(fixture.app.checkpoint({ store: "root", mode: "RESTART" }).busy, false);
  const { size, mtime } = Deno.statSync(`${path}-wal`);
  const token = storeToken(path, LATER);
  // A kernel dates by its tick: the next one must have come.
  while (Date.now() < (mtime?.getTime() ?? 0) + 20) await new Promise((resolve) => setTimeout(resolve, 1));
  fixture.app.editCard({ store: "root", uniqueId, firstName: "Jane" });
  equal(Deno.statSync(`${path}-wal`).size, size);
  notEqual(storeToken(path, LATER), token);
});

Deno.test("storeToken() equals no later one when the file was written in that very moment", () => {
  using fixture = new AddressBookFixture();
  fixture.app.addCard({ store: "root", firstName: "Nora" });
  const path = fixture.path("root");
  const writtenMs = Deno.statSync(`${path}-wal`).mtime?.getTime() ?? 0;
  const fresh = storeToken(path, writtenMs + 5);
  notEqual(storeToken(path, writtenMs + 500), fresh);
  notEqual(storeToken(path, writtenMs + 6), fresh);
  equal(storeToken(path, writtenMs + 500), storeToken(path, writtenMs + 900));
});

Deno.test("storeToken() stays when a store that nobody has open is read", () => {
  using fixture = new AddressBookFixture();
  fixture.app.addCard({ store: "root", firstName: "Nora" });
  fixture.app[Symbol.dispose]();
  const path = fixture.path("root");
  const token = storeToken(path, LATER);
  match(token ?? "", /^\d+:\d+:\d+$/);
  equal(fixture.read("root").cards.length, 1);
  equal(storeToken(path, LATER), token);
});

Deno.test("storeToken() is null when there is no store, and moves when another file takes its place", () => {
  using fixture = new AddressBookFixture();
  const path = fixture.path(A);
  equal(storeToken(path, LATER), null);
  fixture.app.addStore({ store: A });
  const token = storeToken(path, LATER);
  fixture.app.breakStore({ store: A, how: "not_a_database" });
  notEqual(storeToken(path, LATER), token);
  fixture.app.removeStore({ store: A });
  equal(storeToken(path, LATER), null);
});

Deno.test("reading does not hold up a checkpoint of Contacts when it has ended, early or not", () => {
  using fixture = new AddressBookFixture();
  for (let i = 0; i < 3; i++) fixture.app.addCard({ store: "root", firstName: `Person ${i}` });
  fixture.app.db("root").exec("PRAGMA busy_timeout = 0");
  using db = openStore(fixture.path("root"));
  const first = readStore(db).cards;
  ok(!first.next().done);
  fixture.app.addCard({ store: "root", firstName: "Late" });
  equal(fixture.app.checkpoint({ store: "root", mode: "RESTART" }).busy, true);
  first.return?.();
  equal(fixture.app.checkpoint({ store: "root", mode: "RESTART" }).busy, false);
  equal([...readStore(db).cards].length, 4);
  fixture.app.addCard({ store: "root", firstName: "Later" });
  equal(fixture.app.checkpoint({ store: "root", mode: "RESTART" }).busy, false);
});

/**
 * Whoever opens and closes a database's file by hand drops all locks of its process on it, and then the last close of
 * Messages' own connections deletes the WAL that we read. So our locks must stand whatever happens in the folder. The whole
 * program with file events, Messages in a process of its own. What comes of a WAL that goes all the same: reopen_test.ts.
 */
import { deepEqual, equal } from "node:assert/strict";
import { ContactsApp, ROOT_STORE, storePath } from "../../src/simulator/contacts_app.ts";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { until } from "../support/until.ts";
import { fileIdOf, locksTest } from "./support/posix_locks.ts";
import { JANE } from "./support/scene.ts";
import { World } from "./support/world.ts";

const MODES = ["PASSIVE", "FULL", "RESTART", "TRUNCATE"] as const;
const SIDES = ["", "-wal", "-shm"] as const;

function touch(path: string): void {
  Deno.utimeSync(path, new Date(), new Date());
}

/** Another process opens the database, reads, and closes. */
function visit(path: string): void {
  using db = openDatabase(path);
  db.prepare("SELECT count(*) FROM sqlite_schema").get();
}

locksTest(
  "run keeps its locks on chat.db, its -shm and our database when something happens in the folder",
  async (t) => {
    await using world = new World({ flags: ["--contacts-interval", "1"] });
    const { chatDb, scene: { messagesFolder, addressBook } } = world;
    using contacts = new ContactsApp(addressBook);
    const step = (name: string, happens: () => Promise<unknown>) => world.step(t, name, happens);

    await step("nothing", () => Promise.resolve());
    await step("a commit", () => world.messages.message("zero"));
    await step("an edit", async () => {
      const written = await world.messages.message("zero");
      await world.witness.heardOf(written);
      await world.messages.edit(written.guid, "other words");
      await world.witness.heard("message.updated");
    });
    for (const mode of MODES) {
      await step(`a checkpoint ${mode}`, async () => {
        await world.messages.message("to be carried over");
        await until(() => world.messages.checkpoint(mode), mode);
      });
    }
    await step("chat.db, its WAL and its -shm touched", async () => {
      for (const side of SIDES) await Deno.utime(chatDb + side, new Date(), new Date());
    });
    await step("chat.db, its WAL and its -shm read, as by a backup", async () => {
      for (const side of SIDES) await Deno.readFile(chatDb + side);
    });
    await step("another file made, touched and taken away there", async () => {
      const stranger = `${messagesFolder}/chat.db.txt`;
      await Deno.writeTextFile(stranger, "Dear Jane");
      touch(stranger);
      await Deno.remove(stranger);
    });
    await step("another connection opened and closed", () => Promise.resolve(visit(chatDb)));
    await step("a card written to the AddressBook, and its files touched", async () => {
      // What the first reading finds is not told.
      await world.witness.knowsContacts();
      contacts.addCard({ store: ROOT_STORE, firstName: "Jane", phones: [JANE] });
      await world.witness.heard("contact.updated");
      for (const side of SIDES) touch(storePath(addressBook, ROOT_STORE) + side);
      await until(() => world.witness.openFilesIn(addressBook).length === 0, "the AddressBook to be let go");
    });
    await step("Messages' last connection closed, which leaves the WAL to us, and opened again", async () => {
      const before = fileIdOf(`${chatDb}-wal`);
      await world.messages.shut();
      equal(fileIdOf(`${chatDb}-wal`), before);
      await world.messages.open();
    });
    await step("Messages killed and started again", () => world.killMessages());
  },
);

locksTest(
  "run keeps its locks when our database stands beside chat.db and others open and close both",
  async (t) => {
    await using world = new World({ besideChatDb: true });
    const { chatDb, database } = world;
    const step = (name: string, happens: () => Promise<unknown>) => world.step(t, name, happens);

    await step("nothing", () => Promise.resolve());
    await step("commits and checkpoints of Messages", async () => {
      for (const mode of MODES) {
        await world.oneMessage(mode);
        await until(() => world.messages.checkpoint(mode), mode);
      }
    });
    await step("our database, its WAL and its -shm touched", async () => {
      for (const side of SIDES) await Deno.utime(database + side, new Date(), new Date());
    });
    await step("the last other connection to each closed, which leaves the WALs to us", async () => {
      const wals = () => [chatDb, database].map((path) => fileIdOf(`${path}-wal`));
      const before = wals();
      await world.messages.shut();
      for (const path of [chatDb, database]) visit(path);
      deepEqual(wals(), before);
      await world.messages.open();
    });
    await step("our database read by another process, which finds what was told", async () => {
      for (const text of ["three", "four"]) await world.oneMessage(text);
      using db = openDatabase(database, { readOnly: true });
      const kept = new Set(db.prepare("SELECT guid FROM messages").all().map((row) => row["guid"]));
      deepEqual(world.witness.told.filter((guid) => !kept.has(guid)), []);
    });
  },
);

/** Tables and columns that come, go and change: what Messages' database can be read without, and what it can't. */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { RELEASES } from "../../src/simulator/releases.ts";
import { LiveSyncError } from "../../src/model/errors.ts";
import { type Connection, openDatabase } from "../../src/sqlite/sqlite.ts";
import { VIEWS } from "../../src/source/views.ts";
import { openChatStatsDatabase } from "../../src/store/database.ts";
import { logicalContent } from "../support/logical_content.ts";
import { dropColumn, dropTable } from "../support/reshape.ts";
import { at, JANE, RichHistory } from "../support/rich_history.ts";
import { names, SyncFixture } from "../support/sync_fixture.ts";
import { messagesProcess } from "../source/support/source_fixture.ts";
import { slowTest } from "../support/slow.ts";

/** Where `missing` is not NULL. */
const DEFAULTS: Readonly<Record<string, number>> = {
  "message.handle_id": 0,
  "message.other_handle": 0,
  "message.is_from_me": 0,
  "message.is_audio_message": 0,
  "message.cache_has_attachments": 0,
  "message.error": 0,
  "chat.is_archived": 0,
  "message.item_type": 0,
  "message.group_action_type": 0,
  "message.associated_message_type": 0,
  "chat.style": 0,
  "attachment.is_sticker": 0,
};

const KEYS = [
  "message.guid",
  "chat.guid",
  "handle.id",
  "attachment.guid",
  "chat_message_join.chat_id",
  "chat_message_join.message_id",
  "chat_handle_join.chat_id",
  "chat_handle_join.handle_id",
  "message_attachment_join.message_id",
  "message_attachment_join.attachment_id",
  "chat_recoverable_message_join.chat_id",
  "chat_recoverable_message_join.message_id",
];

const NEEDED_TABLES = [
  "message",
  "chat",
  "handle",
  "attachment",
  "chat_message_join",
  "chat_handle_join",
  "message_attachment_join",
];

/** A file with one of everything in it, which fixtures of their own can read changed copies of. */
class Model implements Disposable {
  readonly #fixture = new SyncFixture({ release: "macos26" });
  /** A database of ours that has read nothing yet: making one takes longer than reading these few rows. */
  readonly #empty = `${this.#fixture.folder}/empty.db`;
  #copies = 0;
  constructor() {
    openChatStatsDatabase(this.#empty, { randomUuid: () => crypto.randomUUID() }).close();
    const history = new RichHistory(this.#fixture, "macos26");
    history.begin();
    history.goOn();
    this.#fixture.sync();
  }

  get content(): ReturnType<typeof logicalContent> {
    return logicalContent(this.#fixture.db);
  }

  tables(): unknown[] {
    return this.#fixture.app.db.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name",
    ).all().map((row) => row["name"]);
  }

  /** A fixture that reads a copy which `change` was made to; nothing is synced yet. */
  changed(change: (db: Connection) => void): SyncFixture {
    const folder = `${this.#fixture.folder}/copy-${this.#copies++}`;
    Deno.mkdirSync(folder);
    Deno.copyFileSync(this.#empty, `${folder}/chatstats.db`);
    this.#fixture.app.db.exec(`VACUUM INTO '${folder}/chat.db'`);
    {
      using db = openDatabase(`${folder}/chat.db`);
      change(db);
    }
    return new SyncFixture({ folder, release: "macos26" });
  }

  [Symbol.dispose](): void {
    this.#fixture[Symbol.dispose]();
  }
}

/** Says no, naming what is missing and what to do. */
function refused(fixture: SyncFixture, what: string): void {
  throws(() => fixture.sync(), (error) => {
    ok(error instanceof LiveSyncError);
    equal(error.code, "source_not_messages");
    ok(error.message.endsWith(`: it has no ${what}`), error.message);
    ok(error.hint.includes("--messages-db") && error.hint.includes("newer version"), error.hint);
    return true;
  });
}

slowTest("sync() reads the default of each column that is missing, and needs the keys alone", () => {
  using model = new Model();
  const needed: string[] = [];
  for (const view of VIEWS) {
    for (const { name, missing } of view.columns) {
      const column = `${view.table}.${name}`;
      using fixture = model.changed((db) => dropColumn(db, view.table, name));
      if (missing === undefined) {
        needed.push(column);
        refused(fixture, `column ${column}`);
        continue;
      }
      fixture.sync();
      const values = fixture.column(`SELECT DISTINCT ${name} FROM temp.${view.name}`);
      // Nothing was ever in this one.
      if (view.table !== "unsynced_removed_recoverable_messages") {
        deepEqual(values, [DEFAULTS[column] ?? null], column);
      }
      ok(fixture.rows("SELECT 1 FROM messages").length >= 15, column);
    }
  }
  deepEqual(needed.toSorted(), KEYS.toSorted());
});

Deno.test("sync() says which table is missing, and does without those that it does not need", () => {
  using model = new Model();
  for (const table of model.tables()) {
    using fixture = model.changed((db) => dropTable(db, String(table)));
    if (NEEDED_TABLES.includes(String(table))) {
      refused(fixture, `table ${table}`);
      continue;
    }
    fixture.sync();
    const waiting = fixture.rows("SELECT 1 FROM pending_rows").length;
    // What was in Recently Deleted is in no chat then, and waits.
    if (table === "chat_recoverable_message_join") equal(waiting, 2);
    else deepEqual(logicalContent(fixture.db), model.content, String(table));
  }
});

Deno.test("sync() gives the same when tables have columns, and the file tables, that nobody knows", () => {
  using model = new Model();
  using fixture = model.changed((db) => {
    for (const table of NEEDED_TABLES) {
      db.exec(`ALTER TABLE ${table} ADD COLUMN "from; the future" STRING DEFAULT 'x'`);
      db.exec(`ALTER TABLE ${table} ADD COLUMN is_time_travelled INTEGER DEFAULT 1`);
    }
    db.exec(
      `CREATE TABLE "source_message" (guid); CREATE TABLE candidate (rowid); CREATE TABLE messages (id)`,
    );
  });
  fixture.sync();
  deepEqual(logicalContent(fixture.db), model.content);
});

for (const origin of ["fresh", "upgraded"] as const) {
  Deno.test(`sync() reads new columns and tables when macOS is upgraded while it is attached, from a ${origin} file`, () => {
    using fixture = new SyncFixture({ release: "macos10_13", origin });
    const chat = fixture.app.createChat({ address: JANE }).guid;
    fixture.app.message({ guid: "FIRST", chat, from: JANE, text: "Helo" });
    fixture.app.message({ guid: "GONE", chat, from: JANE, text: "to Recently Deleted" });
    fixture.sync();
    for (const release of RELEASES.slice(1)) {
      fixture.app.upgrade({ release });
      deepEqual(fixture.sync().events, [], release);
      if (release === "macos11") {
        fixture.app.message({ chat, text: "Hello", replyTo: "FIRST" });
        equal(fixture.sync().events[0]?.data["message"].reply_to_guid, "FIRST");
      }
      if (release === "macos13") {
        fixture.app.edit({ guid: "FIRST", text: "Hello", dateMs: at(1) });
        deepEqual(fixture.sync().events[0]?.data["values"], { content: "Hello", date_edited: at(1) });
        fixture.app.delete({ guid: "GONE", dateMs: at(2) });
        deepEqual(names(fixture.sync().events), ["message.deleted"]);
      }
      if (release === "macos15") {
        fixture.app.tapback({ target: "FIRST", kind: "emoji", emoji: "🦦" });
        equal(fixture.sync().events[0]?.data["reaction"].emoji, "🦦");
      }
    }
  });
}

Deno.test("sync() reads new columns when another process upgrades the file, with rows and columns in one commit", async () => {
  using fixture = new SyncFixture({ release: "macos11" });
  const chat = fixture.app.createChat({ address: JANE }).guid;
  fixture.app.message({ guid: "FIRST", chat, text: "Helo" });
  fixture.sync();
  fixture.quitApp();
  await using messages = messagesProcess(fixture.chatDb);
  const edit = { do: "edit", guid: "FIRST", text: "Hello", dateMs: at(1) };
  await messages.batch([{ do: "upgrade", release: "macos13" }, edit], { oneCommit: true });
  deepEqual(fixture.sync().events[0]?.data["values"], { content: "Hello", date_edited: at(1) });
});

Deno.test("sync() says which table is gone when one is taken away while it is attached, and goes on when it is back", () => {
  using fixture = new SyncFixture();
  const chat = fixture.app.createChat({ address: JANE }).guid;
  fixture.app.message({ chat, from: JANE, text: "one" });
  fixture.sync();
  const rename = (from: string, to: string) =>
    fixture.app.db.exec(`PRAGMA legacy_alter_table = ON; ALTER TABLE ${from} RENAME TO ${to}`);
  rename("chat_handle_join", "elsewhere");
  refused(fixture, "table chat_handle_join");
  refused(fixture, "table chat_handle_join");
  rename("elsewhere", "chat_handle_join");
  fixture.app.message({ chat, from: JANE, text: "two" });
  deepEqual(names(fixture.sync().events), ["message.created"]);
  equal(fixture.rows("SELECT 1 FROM chat_participants").length, 1);
});

Deno.test("sync() tells nothing when the chats' GUIDs lose their service, and goes on in the same chats", () => {
  using fixture = new SyncFixture({ release: "macos15" });
  const chat = fixture.app.createChat({ address: JANE });
  const group = fixture.app.createGroup({ members: [JANE], identifier: "chat900" });
  for (const { guid } of [chat, group]) fixture.app.message({ chat: guid, from: JANE, text: "before" });
  fixture.sync();
  fixture.app.upgrade({ release: "macos26" });
  fixture.app.db.exec("UPDATE chat SET guid = 'any' || substr(guid, instr(guid, ';'))");
  deepEqual(fixture.sync().events, []);
  for (const guid of [`any;-;${JANE}`, "any;+;chat900"]) {
    fixture.app.message({ chat: guid, from: JANE, text: "after" });
  }
  deepEqual(names(fixture.sync().events), ["message.created", "message.created"]);
  deepEqual(fixture.rows("SELECT chat_identifier AS id, total_messages AS n FROM chats ORDER BY 1"), [
    { id: JANE, n: 2 },
    { id: "chat900", n: 2 },
  ]);
});

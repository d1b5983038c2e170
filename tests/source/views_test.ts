import { deepEqual, equal, ok } from "node:assert/strict";
import { createChatDatabase, RELEASES } from "../../src/simulator/chat_database.ts";
import { MessagesApp } from "../../src/simulator/messages_app.ts";
import { isAtLeast } from "../../src/simulator/releases.ts";
import { VIEWS } from "../../src/source/views.ts";
import { Fixture } from "./support/source_fixture.ts";

const JANE = "+15550100001";
const AT = Date.UTC(2026, 0, 15, 12);

/** The least that counts as Messages' database: nothing but the keys. */
const BARE = `
  CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT);
  CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, guid TEXT);
  CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT);
  CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY, guid TEXT);
  CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER);
  CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER);
  CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER);
  INSERT INTO message VALUES (7, 'M');
  INSERT INTO chat VALUES (2, 'C');
  INSERT INTO handle VALUES (3, '${JANE}');
  INSERT INTO attachment VALUES (4, 'A');`;

for (const release of RELEASES) {
  Deno.test(`the views give what Messages wrote when the file is of ${release}`, () => {
    using fixture = new Fixture();
    using chat = createChatDatabase(fixture.path, { release });
    const app = new MessagesApp(chat);
    const { guid } = app.createChat({ address: JANE });
    const { rowid, attachments } = app.message({
      chat: guid,
      from: JANE,
      text: "Hi",
      storage: "both",
      dateMs: AT,
      attachments: [{ name: "cat.heic", bytes: 12 }],
    });
    app.markRead({ guid: app.message({ chat: guid, text: "mine", guid: "G2" }).guid, dateMs: AT + 1 });
    const recoverable = isAtLeast(release, "macos13");
    if (recoverable) app.delete({ guid: "G2", dateMs: AT + 2 });
    fixture.attach();
    deepEqual(
      fixture.rows(
        "SELECT rowid, text, date, is_from_me, item_type FROM source_message WHERE date_read IS NULL",
      ),
      [
        { rowid, text: "\ufffcHi", date: AT, is_from_me: 0, item_type: 0 },
      ],
    );
    deepEqual(fixture.rows("SELECT date_read, is_from_me FROM source_message WHERE guid = 'G2'"), [
      { date_read: AT + 1, is_from_me: 1 },
    ]);
    deepEqual(fixture.rows("SELECT guid, style, chat_identifier, service_name FROM source_chat"), [
      { guid, style: 45, chat_identifier: JANE, service_name: "iMessage" },
    ]);
    deepEqual(fixture.rows("SELECT id, service, country FROM source_handle"), [
      { id: JANE, service: "iMessage", country: "us" },
    ]);
    deepEqual(fixture.rows("SELECT guid, transfer_name, total_bytes, is_sticker FROM source_attachment"), [
      { guid: attachments[0]?.guid, transfer_name: "cat.heic", total_bytes: 12, is_sticker: 0 },
    ]);
    equal(fixture.rows("SELECT * FROM source_chat_message_join").length, recoverable ? 1 : 2);
    equal(fixture.rows("SELECT * FROM source_chat_handle_join").length, 1);
    equal(fixture.rows("SELECT * FROM source_message_attachment_join").length, 1);
    deepEqual(
      fixture.rows("SELECT delete_date FROM source_recoverable_join"),
      recoverable ? [{ delete_date: AT + 2 }] : [],
    );
  });
}

Deno.test("the views give the defaults when columns and the table of Recently Deleted are missing", () => {
  using fixture = new Fixture();
  fixture.make(BARE);
  fixture.attach();
  deepEqual(fixture.rows("SELECT * FROM source_message"), [{
    rowid: 7,
    guid: "M",
    text: null,
    attributedBody: null,
    service: null,
    handle_id: 0,
    other_handle: 0,
    date: null,
    date_read: null,
    date_delivered: null,
    date_edited: null,
    date_retracted: null,
    is_from_me: 0,
    is_audio_message: 0,
    error: 0,
    cache_has_attachments: 0,
    item_type: 0,
    group_action_type: 0,
    group_title: null,
    associated_message_guid: null,
    associated_message_type: 0,
    associated_message_emoji: null,
    balloon_bundle_id: null,
    thread_originator_guid: null,
    message_summary_info: null,
  }]);
  deepEqual(fixture.rows("SELECT * FROM source_chat"), [
    {
      rowid: 2,
      guid: "C",
      style: 0,
      chat_identifier: null,
      service_name: null,
      display_name: null,
      is_archived: 0,
    },
  ]);
  deepEqual(fixture.rows("SELECT * FROM source_handle"), [{
    rowid: 3,
    id: JANE,
    service: null,
    country: null,
  }]);
  deepEqual(fixture.rows("SELECT is_sticker, created_date, total_bytes FROM source_attachment"), [
    { is_sticker: 0, created_date: null, total_bytes: null },
  ]);
  deepEqual(fixture.rows("SELECT * FROM source_recoverable_join"), []);
});

Deno.test("the views have the same columns in the same order whatever the file has", () => {
  const columnsOf = (make: (fixture: Fixture) => void) => {
    using fixture = new Fixture();
    make(fixture);
    fixture.attach();
    return VIEWS.map(({ name }) => fixture.rows(`SELECT name FROM pragma_table_info('${name}', 'temp')`));
  };
  const bare = columnsOf((fixture) => fixture.make(BARE));
  for (const release of RELEASES) {
    deepEqual(columnsOf((fixture) => createChatDatabase(fixture.path, { release }).close()), bare);
  }
});

Deno.test("the views take no notice when the file has columns that nobody knows", () => {
  using fixture = new Fixture();
  fixture.make(`${BARE}
    ALTER TABLE message ADD COLUMN sr_ck_sync_state INTEGER DEFAULT 5;
    ALTER TABLE message ADD COLUMN is_time_travelled STRING;
    ALTER TABLE message ADD COLUMN date INTEGER DEFAULT 1;`);
  fixture.attach();
  const [row] = fixture.rows("SELECT * FROM source_message");
  equal(row?.["date"], Date.UTC(2001, 0, 1) + 1_000);
  ok(row !== undefined && !("sr_ck_sync_state" in row) && !("is_time_travelled" in row));
});

Deno.test("the views search by the primary key when a row is asked for by its ROWID", () => {
  using fixture = new Fixture();
  createChatDatabase(fixture.path, { release: "macos15" }).close();
  fixture.attach();
  for (const name of ["source_message", "source_chat", "source_handle", "source_attachment"]) {
    const [plan] = fixture.rows(`EXPLAIN QUERY PLAN SELECT guid FROM ${name} WHERE rowid = 5`.replace(
      name === "source_handle" ? "guid" : "",
      name === "source_handle" ? "id" : "",
    ));
    ok(String(plan?.["detail"]).startsWith("SEARCH t USING INTEGER PRIMARY KEY"), String(plan?.["detail"]));
  }
});

Deno.test("detach() leaves no view behind, so that our own tables can be renamed", () => {
  using fixture = new Fixture();
  fixture.make(BARE);
  fixture.attach();
  fixture.source.detach();
  deepEqual(fixture.rows("SELECT name FROM sqlite_temp_schema"), []);
  fixture.db.exec("ALTER TABLE kept RENAME TO kept_2; ALTER TABLE kept_2 RENAME COLUMN b TO c");
});

import assert from "node:assert/strict";
import { MessagesApp } from "../../src/simulator/messages_app.ts";
import type { Connection } from "../../src/sqlite/sqlite.ts";
import { fastClock } from "../support/fast_clock.ts";
import { temporaryChatDatabase } from "./support/temporary.ts";

const NORA = "+14155550142";
const MEI = "+12125550187";
const SAM = "+447700900321";

function appOn(db: Connection): MessagesApp {
  return new MessagesApp(db, { clock: fastClock() });
}

Deno.test("happening() writes item_type rows and changes members and name", () => {
  using file = temporaryChatDatabase();
  const app = appOn(file.db);
  const chat = app.createGroup({ members: [NORA, MEI] }).guid;
  app.happening({ chat, kind: "memberAdded", from: NORA, member: SAM });
  app.happening({ chat, kind: "renamed", title: "Us" });
  app.happening({ chat, kind: "photoChanged", from: MEI });
  app.happening({ chat, kind: "left", from: MEI });
  app.happening({ chat, kind: "memberRemoved", member: SAM });
  const rows = file.db.prepare(
    `SELECT item_type AS item, group_action_type AS action, h.id AS who, o.id AS member, group_title AS title
       FROM message m LEFT JOIN handle h ON h.ROWID = handle_id LEFT JOIN handle o ON o.ROWID = other_handle
      ORDER BY m.ROWID`,
  ).all().map((each) => Object.values(each));
  assert.deepEqual(rows, [
    [1, 0, NORA, SAM, null],
    [2, 0, null, null, "Us"],
    [3, 1, MEI, null, null],
    [3, 0, MEI, null, null],
    [1, 1, null, SAM, null],
  ]);
  const members = file.db.prepare("SELECT id FROM chat_handle_join JOIN handle h ON h.ROWID = handle_id")
    .all();
  assert.deepEqual(members.map((each) => each["id"]), [NORA]);
  assert.equal(file.db.prepare("SELECT display_name AS name FROM chat").get()?.["name"], "Us");
});

Deno.test("edit() and unsend() keep the ROWID and tell the versions in message_summary_info", () => {
  using file = temporaryChatDatabase();
  const app = appOn(file.db);
  const chat = app.createChat({ address: NORA }).guid;
  const { guid } = app.message({ chat, text: "Dinner at 7?" });
  const read = () =>
    file.db.prepare(
      `SELECT ROWID AS rowid, instr(attributedBody, 'Dinner at 8?') > 0 AS isNew, date_edited > 0 AS edited,
              date_retracted > 0 AS retracted, substr(cast(message_summary_info AS TEXT), 1, 8) AS magic,
              instr(message_summary_info, 'Dinner at 7?') > 0 AS hasOld FROM message`,
    ).get();
  app.edit({ guid, text: "Dinner at 8?" });
  assert.deepEqual({ ...read() }, {
    rowid: 1,
    isNew: 1,
    edited: 1,
    retracted: 0,
    magic: "bplist00",
    hasOld: 1,
  });
  app.unsend({ guid });
  assert.deepEqual({ ...read() }, {
    rowid: 1,
    isNew: null,
    edited: 1,
    retracted: 1,
    magic: "bplist00",
    hasOld: 0,
  });
});

Deno.test("attachments come, are joined and are filled in later, each in a commit of its own", () => {
  using file = temporaryChatDatabase();
  const app = appOn(file.db);
  const chat = app.createChat({ address: NORA }).guid;
  const { attachments, rowid } = app.message({
    chat,
    from: NORA,
    text: "Look",
    attachments: [{ name: "a.heic", joinLater: true }, { name: "b.heic", rowLater: true }],
  });
  const [first, second] = attachments;
  assert.ok(first && second);
  const read = () =>
    file.db.prepare(
      `SELECT cache_has_attachments AS expected, instr(attributedBody, :guid) > 0 AS named,
              (SELECT count(*) FROM attachment) AS rows,
              (SELECT count(*) FROM message_attachment_join WHERE message_id = :rowid) AS joined
         FROM message WHERE ROWID = :rowid`,
    ).get({ guid: second.guid, rowid });
  assert.deepEqual({ ...read() }, { expected: 1, named: 1, rows: 1, joined: 0 });
  app.joinAttachment({ guid: first.guid });
  assert.deepEqual({ ...read() }, { expected: 1, named: 1, rows: 1, joined: 1 });
  app.attach({ message: rowidGuid(file.db, rowid), name: "b.heic", guid: second.guid });
  assert.deepEqual({ ...read() }, { expected: 1, named: 1, rows: 2, joined: 2 });
  app.updateAttachment({ guid: first.guid, filename: "~/a.heic", bytes: 12 });
  const done =
    "SELECT transfer_state AS state, filename, total_bytes AS bytes FROM attachment ORDER BY ROWID";
  assert.deepEqual(file.db.prepare(done).all().map((each) => Object.values(each)), [
    [5, "~/a.heic", 12],
    [0, null, 0],
  ]);
});

function rowidGuid(db: Connection, rowid: number): string {
  return String(db.prepare("SELECT guid FROM message WHERE ROWID = :rowid").get({ rowid })?.["guid"]);
}

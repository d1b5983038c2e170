import assert from "node:assert/strict";
import { MessagesApp } from "../../src/simulator/messages_app.ts";
import type { Connection } from "../../src/sqlite/sqlite.ts";
import { fastClock } from "../support/fast_clock.ts";
import { temporaryChatDatabase } from "./support/temporary.ts";

const NORA = "+14155550142";

function withMessage(db: Connection) {
  const app = new MessagesApp(db, { clock: fastClock() });
  const chat = app.createChat({ address: NORA }).guid;
  return { app, chat, target: app.message({ chat, from: NORA, text: "Dinner?" }).guid };
}

function tapbacks(db: Connection): unknown[] {
  return db.prepare(
    `SELECT associated_message_type AS type, associated_message_guid AS target, is_from_me AS mine
       FROM message WHERE associated_message_type != 0 ORDER BY ROWID`,
  ).all().map((each) => ({ ...each }));
}

Deno.test("tapback() takes the place of the sender's earlier one and of no other's", () => {
  using file = temporaryChatDatabase();
  const { app, target } = withMessage(file.db);
  app.tapback({ target, kind: "love" });
  app.tapback({ target, kind: "like", from: NORA });
  assert.equal(app.tapback({ target, kind: "laugh" }).deleted, 1);
  assert.deepEqual(tapbacks(file.db), [
    { type: 2001, target: `p:0/${target}`, mine: 0 },
    { type: 2003, target: `p:0/${target}`, mine: 1 },
  ]);
});

Deno.test("removeTapback() leaves the 300x row alone and the add row's GUID in deleted_messages", () => {
  using file = temporaryChatDatabase();
  const { app, target } = withMessage(file.db);
  const added = app.tapback({ target, kind: "emoji", emoji: "🎉" });
  const removed = app.removeTapback({ target, kind: "emoji", emoji: "🎉" });
  assert.equal(removed.deleted, 1);
  assert.deepEqual(tapbacks(file.db), [{ type: 3006, target: `p:0/${target}`, mine: 1 }]);
  assert.equal(file.db.prepare("SELECT guid FROM deleted_messages").get()?.["guid"], added.guid);
});

Deno.test("tapback() writes emoji, stickers that repeat, and every form of target", () => {
  using file = temporaryChatDatabase();
  const { app, target } = withMessage(file.db);
  app.tapback({ target, kind: "emoji", emoji: "🎉", part: 2 });
  app.tapback({ target, kind: "sticker", targetForm: "bare" });
  app.tapback({ target, kind: "sticker", targetForm: "bare" });
  app.tapback({ target, kind: "oldSticker", targetForm: "balloon" });
  assert.deepEqual(tapbacks(file.db), [
    { type: 2006, target: `p:2/${target}`, mine: 1 },
    { type: 2007, target, mine: 1 },
    { type: 2007, target, mine: 1 },
    { type: 1000, target: `bp:${target}`, mine: 1 },
  ]);
  const emoji = "SELECT associated_message_emoji AS emoji FROM message WHERE associated_message_type = 2006";
  assert.equal(file.db.prepare(emoji).get()?.["emoji"], "🎉");
});

Deno.test("tapback() works without associated_message_emoji when the release is macOS 14", () => {
  using file = temporaryChatDatabase({ release: "macos14" });
  const { app, target } = withMessage(file.db);
  app.tapback({ target, kind: "emoji", emoji: "🎉" });
  assert.deepEqual(tapbacks(file.db), [{ type: 2006, target: `p:0/${target}`, mine: 1 }]);
});

Deno.test("tapback() can come before its message when the chat is named", () => {
  using file = temporaryChatDatabase();
  const { app, chat } = withMessage(file.db);
  const target = "00000000-0000-4000-8000-000000000001";
  assert.throws(() => app.tapback({ target, kind: "love" }), { code: "no_chat" });
  app.tapback({ target, chat, kind: "love" });
  assert.equal(app.message({ chat, guid: target, text: "Late" }).guid, target);
});

import assert from "node:assert/strict";
import { MessagesApp } from "../../src/simulator/messages_app.ts";
import type { Connection } from "../../src/sqlite/sqlite.ts";
import { readEditHistory } from "../../src/apple_formats/edit_history.ts";
import { decodeAttributedBody } from "../../src/apple_formats/typedstream.ts";
import { fastClock } from "../support/fast_clock.ts";
import { temporaryChatDatabase } from "./support/temporary.ts";

const NORA = "+14155550142";

function appOn(db: Connection): MessagesApp {
  return new MessagesApp(db, { clock: fastClock() });
}

const SENT_MS = Date.UTC(2026, 10, 20, 12);
const after = (seconds: number) => SENT_MS + seconds * 1000;

/** The message's words as they are now, what its summary tells, and which dates are set. */
function state(db: Connection, guid: string) {
  const row = db.prepare(
    `SELECT text, attributedBody AS body, message_summary_info AS summary, date_edited > 0 AS edited,
            date_retracted > 0 AS retracted FROM message WHERE guid = :guid`,
  ).get({ guid }) ?? {};
  const { body, summary } = row;
  assert.ok(summary instanceof Uint8Array);
  const history = readEditHistory(summary);
  assert.ok(history.ok && history.undecodable === 0);
  const decoded = body instanceof Uint8Array ? decodeAttributedBody(body) : null;
  return {
    words: decoded === null ? null : decoded.ok && decoded.text,
    text: row["text"],
    parts: history.parts.map(({ part, state, versions }) => [
      part,
      state,
      ...versions.map(({ content, editedAtMs }) => [content, (editedAtMs ?? 0) - SENT_MS]),
    ]),
    unsent: history.unsent,
    dates: [row["edited"], row["retracted"]],
  };
}

/** An app with one message of three parts (words, a picture, words), or of one. */
function scene(db: Connection, text: string, attachments = 0) {
  const app = appOn(db);
  const chat = app.createChat({ address: NORA }).guid;
  app.message({
    guid: "M",
    chat,
    text,
    dateMs: SENT_MS,
    attachments: Array.from({ length: attachments }, (_, i) => ({ name: `${i}.heic`, guid: `PICTURE-${i}` })),
  });
  return app;
}

function guidsInBody(db: Connection): unknown {
  return db.prepare("SELECT instr(attributedBody, 'PICTURE-0') > 0 AS named FROM message").get()?.["named"];
}

Deno.test("edit() keeps every version when a message is edited again, by another app object too", () => {
  using file = temporaryChatDatabase();
  scene(file.db, "one").edit({ guid: "M", text: "two", dateMs: after(10) });
  new MessagesApp(file.db).edit({ guid: "M", text: "three", dateMs: after(20.25) });
  assert.deepEqual(state(file.db, "M"), {
    words: "three",
    text: null,
    parts: [[0, "edited", ["one", 0], ["two", 10_000], ["three", 20_250]]],
    unsent: "none",
    dates: [1, 0],
  });
});

Deno.test("edit() changes one part alone when the message has several", () => {
  using file = temporaryChatDatabase();
  const app = scene(file.db, "look \uFFFC boat", 1);
  app.edit({ guid: "M", part: 2, text: " goat", dateMs: after(10) });
  app.edit({ guid: "M", text: "LOOK ", dateMs: after(20) });
  app.edit({ guid: "M", part: 2, text: " moat", dateMs: after(30) });
  assert.deepEqual(state(file.db, "M"), {
    words: "LOOK \uFFFC moat",
    text: null,
    parts: [
      [0, "edited", ["look ", 0], ["LOOK ", 20_000]],
      [1, "original"],
      [2, "edited", [" boat", 0], [" goat", 10_000], [" moat", 30_000]],
    ],
    unsent: "none",
    dates: [1, 0],
  });
  assert.equal(guidsInBody(file.db), 1);
});

Deno.test("edit() changes the words when a picture stands before them and no part is named", () => {
  using file = temporaryChatDatabase();
  scene(file.db, "boat", 1).edit({ guid: "M", text: "goat", dateMs: after(10) });
  const { words, parts } = state(file.db, "M");
  assert.deepEqual([words, parts], [
    "\uFFFCgoat",
    [[0, "original"], [1, "edited", ["boat", 0], ["goat", 10_000]]],
  ]);
  assert.equal(guidsInBody(file.db), 1);
});

Deno.test("unsend() leaves the other parts and their versions when one part is named", () => {
  using file = temporaryChatDatabase();
  const app = scene(file.db, "look \uFFFC boat", 1);
  app.edit({ guid: "M", part: 0, text: "LOOK ", dateMs: after(10) });
  app.edit({ guid: "M", part: 2, text: " goat", dateMs: after(20) });
  app.unsend({ guid: "M", part: 1, dateMs: after(30) });
  assert.equal(guidsInBody(file.db), 0);
  app.unsend({ guid: "M", part: 0, dateMs: after(40) });
  assert.deepEqual(state(file.db, "M"), {
    words: " goat",
    text: null,
    parts: [[0, "unsent"], [1, "unsent"], [2, "edited", [" boat", 0], [" goat", 20_000]]],
    unsent: "part",
    dates: [1, 0],
  });
  app.edit({ guid: "M", text: " moat", dateMs: after(50) });
  assert.equal(state(file.db, "M").words, " moat");
  app.unsend({ guid: "M", part: 2, dateMs: after(60) });
  assert.deepEqual(state(file.db, "M"), {
    words: null,
    text: null,
    parts: [[0, "unsent"], [1, "unsent"], [2, "unsent"]],
    unsent: "whole",
    dates: [1, 1],
  });
});

Deno.test("unsend() takes back the whole message when no part is named, edited or not", () => {
  for (const [release, retracted] of [["macos15", 1], ["macos26", 0]] as const) {
    for (const pictures of [0, 1]) {
      using file = temporaryChatDatabase({ release, synchronous: "normal" });
      const app = scene(file.db, "one", pictures);
      app.edit({ guid: "M", text: "two", dateMs: after(10) });
      app.unsend({ guid: "M", dateMs: after(20) });
      assert.deepEqual(state(file.db, "M"), {
        words: null,
        text: null,
        parts: pictures === 0 ? [[0, "unsent"]] : [[0, "unsent"], [1, "unsent"]],
        unsent: "whole",
        dates: [1, retracted],
      });
    }
  }
});

Deno.test("unsend() leaves what keepText says when the message was sent as one part", () => {
  using file = temporaryChatDatabase();
  scene(file.db, "one").unsend({ guid: "M", keepText: "left", dateMs: after(10) });
  assert.deepEqual(state(file.db, "M"), {
    words: "left",
    text: null,
    parts: [[0, "unsent"], [1, "original"]],
    unsent: "part",
    dates: [1, 0],
  });
});

Deno.test("edit() and unsend() refuse when the part is not there", () => {
  using file = temporaryChatDatabase();
  const app = scene(file.db, "one");
  assert.throws(() => app.edit({ guid: "M", part: 1, text: "two" }), { code: "no_such_part" });
  assert.throws(() => app.unsend({ guid: "M", part: 1 }), { code: "no_such_part" });
  app.unsend({ guid: "M", dateMs: after(10) });
  app.edit({ guid: "M", text: "too late", dateMs: after(20) });
  assert.deepEqual(state(file.db, "M").parts, [[0, "unsent"]]);
  assert.equal(state(file.db, "M").words, null);
});

Deno.test("edit() changes the text column when the words are there", () => {
  using file = temporaryChatDatabase();
  const app = appOn(file.db);
  const chat = app.createChat({ address: NORA }).guid;
  app.message({ guid: "M", chat, text: "one", storage: "text", dateMs: SENT_MS });
  app.edit({ guid: "M", text: "two", dateMs: after(10) });
  const { words, text, parts } = state(file.db, "M");
  assert.deepEqual([words, text, parts], [null, "two", [[0, "edited", ["one", 0], ["two", 10_000]]]]);
});

/** What the simulated Messages app does on each macOS release: what the release can't do is an error, never a half-written row. */
import assert from "node:assert/strict";
import { type Release, RELEASES } from "../../src/simulator/chat_database.ts";
import { MessagesApp } from "../../src/simulator/messages_app.ts";
import { isAtLeast, releaseOf } from "../../src/simulator/releases.ts";
import type { Connection } from "../../src/sqlite/sqlite.ts";
import { dumpRows } from "./support/dump.ts";
import { fastClock } from "../support/fast_clock.ts";
import { temporaryChatDatabase } from "./support/temporary.ts";

const NORA = "+14155550142";

function appOn(db: Connection) {
  const app = new MessagesApp(db, { clock: fastClock() });
  const chat = app.createChat({ address: NORA }).guid;
  return { app, chat, ...app.message({ chat, text: "Dinner?" }) };
}

function one(db: Connection, sql: string): unknown {
  return Object.values(db.prepare(sql).get() ?? {})[0];
}

for (const release of RELEASES) {
  Deno.test(`MessagesApp edits, unsends and uses Recently Deleted from macOS 13 on, here on ${release}`, () => {
    using file = temporaryChatDatabase({ release, synchronous: "normal" });
    const { app, guid } = appOn(file.db);
    const before = dumpRows(file.db);
    const late = [
      () => app.edit({ guid, text: "Lunch?" }),
      () => app.unsend({ guid }),
      () => app.delete({ guid }),
      () => app.recover({ guid }),
    ];
    for (const operation of late) {
      if (isAtLeast(release, "macos13")) operation();
      else assert.throws(operation, { code: "not_in_release" });
    }
    if (!isAtLeast(release, "macos13")) assert.deepEqual(dumpRows(file.db), before);
    app.deleteForGood({ guid });
    assert.equal(one(file.db, "SELECT guid FROM deleted_messages"), guid);
  });

  Deno.test(`message() names a thread from macOS 11 on and a schedule from 15 on, here on ${release}`, () => {
    using file = temporaryChatDatabase({ release, synchronous: "normal" });
    const { app, chat, guid } = appOn(file.db);
    const reply = app.message({ chat, text: "Yes", replyTo: guid });
    const thread = `SELECT thread_originator_guid FROM message WHERE guid = '${reply.guid}'`;
    if (isAtLeast(release, "macos11")) assert.equal(one(file.db, thread), guid);
    else assert.throws(() => one(file.db, thread), /no such column/);
    const scheduled = () => app.message({ chat, text: "Later", columns: { schedule_type: 2 } });
    if (isAtLeast(release, "macos15")) scheduled();
    else assert.throws(scheduled, { code: "unknown_column" });
  });

  Deno.test(`createChat() makes GUIDs as they are on ${release}`, () => {
    using file = temporaryChatDatabase({ release, synchronous: "normal" });
    const { app, chat } = appOn(file.db);
    const sms = app.createChat({ address: NORA, service: "SMS" }).guid;
    const group = app.createGroup({ members: [NORA], identifier: "chat1" }).guid;
    assert.deepEqual(
      [chat, sms, group],
      release === "macos26"
        ? [`any;-;${NORA}`, `any;-;${NORA}`, "any;+;chat1"]
        : [`iMessage;-;${NORA}`, `SMS;-;${NORA}`, "iMessage;+;chat1"],
    );
    assert.equal(one(file.db, "SELECT count(*) FROM handle"), 2);
  });
}

Deno.test("unsend() leaves date_retracted 0 and clears the body when the release is macOS 26", () => {
  for (const [release, retracted] of [["macos15", 1], ["macos26", 0]] as const) {
    using file = temporaryChatDatabase({ release, synchronous: "normal" });
    const { app, guid } = appOn(file.db);
    app.unsend({ guid });
    assert.deepEqual({
      ...file.db.prepare(
        "SELECT date_retracted > 0 AS retracted, attributedBody AS body, instr(message_summary_info, 'rp') > 0 AS rp FROM message",
      ).get(),
    }, { retracted, body: null, rp: 1 });
  }
});

Deno.test("upgrade() takes a file up the releases with its rows as they are, and never down", () => {
  using file = temporaryChatDatabase({ release: "macos10_13", origin: "upgraded", synchronous: "normal" });
  const { app, chat, guid } = appOn(file.db);
  const read = () =>
    one(file.db, `SELECT json_array(guid, hex(attributedBody), date) FROM message WHERE guid = '${guid}'`);
  const before = read();
  for (const release of ["macos11", "macos14", "macos26"] satisfies Release[]) {
    assert.deepEqual(app.upgrade({ release }), { release });
    assert.equal(releaseOf(file.db), release);
    assert.equal(read(), before);
  }
  app.edit({ guid, text: "Lunch?" });
  app.message({ chat, text: "Later", columns: { schedule_type: 2 } });
  assert.equal(one(file.db, "PRAGMA integrity_check"), "ok");
  assert.throws(() => app.upgrade({ release: "macos15" }), { code: "no_downgrade" });
});

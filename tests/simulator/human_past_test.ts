import assert from "node:assert/strict";
import { createChatDatabase } from "../../src/simulator/chat_database.ts";
import { playHumanPast } from "../../src/simulator/human_past.ts";
import { integer, text } from "../../src/sqlite/row.ts";
import { temporaryChatDatabase } from "./support/temporary.ts";

const END_MS = Date.UTC(2026, 10, 22, 14);
const DAY_MS = 24 * 3600 * 1000;
const APPLE_EPOCH_MS = Date.UTC(2001, 0, 1);

/** GUID and time, milliseconds since 1970, of each message, in the order of rows. */
function past(messages: number, seed: number): { guid: string; ms: number }[] {
  const folder = Deno.makeTempDirSync();
  try {
    using db = createChatDatabase(`${folder}/chat.db`, { release: "macos15" });
    for (const _ of playHumanPast(db, { messages, seed, endMs: END_MS }));
    return db.prepare("SELECT guid, date / 1000000 AS ms FROM message ORDER BY ROWID").all()
      .map((row) => ({ guid: text(row, "guid"), ms: integer(row, "ms") + APPLE_EPOCH_MS }));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("playHumanPast() fills a year up to yesterday, in the order of time, when it is played", () => {
  const rows = past(600, 1);
  const times = rows.map(({ ms }) => ms);
  assert.deepEqual(times, times.toSorted((a, b) => a - b));
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  assert.ok(first > END_MS - 400 * DAY_MS && first < END_MS - 300 * DAY_MS);
  assert.ok(last < END_MS && last > END_MS - 40 * DAY_MS);
});

Deno.test("playHumanPast() writes exactly as many messages as were asked for, and tells how far it is", () => {
  for (const messages of [1, 7, 1_234]) {
    using file = temporaryChatDatabase();
    const told = [...playHumanPast(file.db, { messages, seed: 2, endMs: END_MS })];
    assert.equal(told.at(-1), messages);
    assert.deepEqual(told, told.toSorted((a, b) => a - b));
    const row = file.db.prepare(
      "SELECT count(*) AS n FROM message WHERE associated_message_type = 0 AND item_type = 0",
    ).get() ?? {};
    assert.equal(integer(row, "n"), messages);
  }
});

Deno.test("playHumanPast() writes the same rows for the same seed, and others for another", () => {
  assert.deepEqual(past(60, 3), past(60, 3));
  assert.notDeepEqual(past(60, 3), past(60, 4));
});

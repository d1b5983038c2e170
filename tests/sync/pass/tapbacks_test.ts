import { deepEqual, equal, ok } from "node:assert/strict";
import type { TapbackInput } from "../../../src/simulator/operations/inputs.ts";
import { names, NOON_MS, Workbench } from "../../support/sync_fixture.ts";

const JANE = "+15550100001";
const OMAR = "+15550100002";
const CHAT = `iMessage;-;${JANE}`;

/** A bench with one message of mine that tapbacks can be about. */
function withTarget(): { bench: Workbench; target: string } {
  const bench = new Workbench();
  bench.app.createChat({ address: JANE });
  bench.sync();
  const { guid } = bench.app.message({ chat: CHAT, text: "We won!" });
  bench.sync();
  return { bench, target: guid };
}

const STANDING =
  "SELECT reaction_type, emoji, original_part FROM reactions WHERE removed_at IS NULL ORDER BY id";

function add(bench: Workbench, input: Omit<TapbackInput, "from">): void {
  bench.app.tapback({ from: JANE, ...input });
}

Deno.test("sync() makes a reaction of a tapback, not a message", () => {
  const { bench, target } = withTarget();
  using _ = bench;
  add(bench, { target, kind: "laugh" });
  const { events } = bench.sync();
  deepEqual(names(events), ["reaction.added"]);
  const reaction = events[0]?.data["reaction"];
  equal(reaction.original_message_guid, target);
  equal(reaction.reaction_type, "laugh");
  equal(reaction.emoji, null);
  equal(reaction.sender_name, JANE);
  equal(bench.rows("SELECT 1 FROM messages").length, 1);
});

Deno.test("sync() reads every kind and every form of the target", () => {
  const { bench, target } = withTarget();
  using _ = bench;
  add(bench, { target, kind: "love", part: 2 });
  add(bench, { target, kind: "like", targetForm: "balloon" });
  bench.app.tapback({ target, kind: "question", targetForm: "bare" });
  bench.app.tapback({ target, kind: "emoji", emoji: "🦦", part: 1 });
  bench.sync();
  deepEqual(bench.rows(STANDING), [
    { reaction_type: "love", emoji: null, original_part: 2 },
    { reaction_type: "like", emoji: null, original_part: 0 },
    { reaction_type: "question", emoji: null, original_part: 0 },
    { reaction_type: "emoji", emoji: "🦦", original_part: 1 },
  ]);
});

Deno.test("sync() tells the end of the old tapback before the new one when its sender changes it", () => {
  const { bench, target } = withTarget();
  using _ = bench;
  add(bench, { target, kind: "like" });
  bench.sync();
  add(bench, { target, kind: "emoji", emoji: "🎉", dateMs: NOON_MS + 1_000 });
  const { events } = bench.sync();
  deepEqual(names(events), ["reaction.removed", "reaction.added"]);
  equal(events[0]?.data["reaction"].reaction_type, "like");
  equal(events[0]?.data["reaction"].removed_at, NOON_MS + 1_000);
  deepEqual(bench.rows(STANDING), [{ reaction_type: "emoji", emoji: "🎉", original_part: 0 }]);
});

Deno.test("sync() ends a tapback that is taken back, and knows it again when it comes back", () => {
  const { bench, target } = withTarget();
  using _ = bench;
  add(bench, { target, kind: "love" });
  bench.sync();
  bench.app.removeTapback({ target, kind: "love", from: JANE, dateMs: NOON_MS + 1_000 });
  deepEqual(names(bench.sync().events), ["reaction.removed"]);
  deepEqual(bench.rows(STANDING), []);
  add(bench, { target, kind: "love", dateMs: NOON_MS + 2_000 });
  deepEqual(names(bench.sync().events), ["reaction.added"]);
  equal(bench.rows(STANDING).length, 1);
});

Deno.test("sync() leaves another sender's and another part's tapback standing", () => {
  const { bench, target } = withTarget();
  using _ = bench;
  add(bench, { target, kind: "love" });
  add(bench, { target, kind: "love", part: 1 });
  bench.app.tapback({ target, kind: "love" });
  bench.sync();
  bench.app.removeTapback({ target, kind: "love", from: JANE, dateMs: NOON_MS + 1_000 });
  bench.sync();
  deepEqual(
    bench.rows(
      "SELECT sender_id = 1 AS mine, original_part FROM reactions WHERE removed_at IS NULL ORDER BY id",
    ),
    [{ mine: 0, original_part: 1 }, { mine: 1, original_part: 0 }],
  );
});

Deno.test("sync() lets stickers stand beside each other and beside a tapback", () => {
  const { bench, target } = withTarget();
  using _ = bench;
  add(bench, { target, kind: "love" });
  add(bench, { target, kind: "sticker", dateMs: NOON_MS + 1 });
  add(bench, { target, kind: "oldSticker", dateMs: NOON_MS + 2 });
  bench.sync();
  deepEqual(bench.column("SELECT reaction_type FROM reactions WHERE removed_at IS NULL ORDER BY id"), [
    "love",
    "sticker",
    "sticker",
  ]);
});

Deno.test("sync() keeps a tapback waiting until its message comes, across a restart", () => {
  using bench = new Workbench();
  bench.app.createChat({ address: JANE });
  bench.sync();
  add(bench, { target: "NOT-YET", kind: "like", chat: CHAT });
  deepEqual(bench.sync().events, []);
  deepEqual(bench.rows("SELECT kind, waits_for FROM pending_rows"), [{
    kind: "reaction",
    waits_for: "NOT-YET",
  }]);
  bench.restart();
  deepEqual(bench.sync().events, []);
  bench.app.message({ chat: CHAT, text: "here it is", guid: "NOT-YET" });
  deepEqual(names(bench.sync().events), ["message.created", "reaction.added"]);
  deepEqual(bench.rows("SELECT * FROM pending_rows"), []);
});

Deno.test("sync() ends a tapback whose removal came before it", () => {
  const { bench, target } = withTarget();
  using _ = bench;
  bench.app.removeTapback({ target, kind: "love", from: JANE, dateMs: NOON_MS + 5_000 });
  deepEqual(bench.sync().events, []);
  add(bench, { target, kind: "love", dateMs: NOON_MS + 1_000 });
  deepEqual(names(bench.sync().events), ["reaction.added", "reaction.removed"]);
  deepEqual(bench.column("SELECT removed_at FROM reactions"), [NOON_MS + 5_000]);
});

Deno.test("sync() keeps what taking back another kind says away from a tapback that replaced it", () => {
  const { bench, target } = withTarget();
  using _ = bench;
  add(bench, { target, kind: "love" });
  add(bench, { target, kind: "like", dateMs: NOON_MS + 1_000 });
  bench.sync();
  bench.app.removeTapback({ target, kind: "love", from: JANE, dateMs: NOON_MS + 2_000 });
  bench.sync();
  deepEqual(bench.column("SELECT reaction_type FROM reactions WHERE removed_at IS NULL"), ["like"]);
});

Deno.test("sync() gives a tapback in a group to the person who sent it", () => {
  using bench = new Workbench();
  const group = bench.app.createGroup({ members: [JANE, OMAR] });
  bench.sync();
  const { guid } = bench.app.message({ chat: group.guid, from: JANE, text: "Who brings what?" });
  bench.app.tapback({ target: guid, kind: "emphasize", from: OMAR });
  const { events } = bench.sync();
  equal(events.at(-1)?.data["reaction"].sender_name, OMAR);
});

Deno.test("sync() settles tapbacks at the end of an import without indexes, and lets those without a message wait", () => {
  using bench = new Workbench({ deferIndexesAbove: 0 });
  bench.app.createChat({ address: JANE });
  const { guid: target } = bench.app.message({ chat: CHAT, text: "We won!" });
  const first = bench.app.tapback({ target, kind: "like", from: JANE });
  // A second standing row of the same sender, as iCloud can leave one.
  const second = bench.app.tapback({ target, kind: "love", dateMs: NOON_MS + 1_000 });
  const handle = Number(bench.app.db.prepare("SELECT max(ROWID) AS id FROM handle").get()?.["id"]);
  bench.app.change({ guid: second.guid, columns: { is_from_me: 0, handle_id: handle } });
  add(bench, { target: "NOT-YET", kind: "like", chat: CHAT });
  ok(bench.sync().resync);
  deepEqual(bench.rows("SELECT guid, removed_at FROM reactions ORDER BY id"), [
    { guid: first.guid, removed_at: NOON_MS + 1_000 },
    { guid: second.guid, removed_at: null },
  ]);
  deepEqual(bench.rows("SELECT kind, waits_for FROM pending_rows"), [{
    kind: "reaction",
    waits_for: "NOT-YET",
  }]);
  bench.app.message({ chat: CHAT, text: "here it is", guid: "NOT-YET" });
  deepEqual(names(bench.sync().events), ["message.created", "reaction.added"]);
});

import { deepEqual, equal, ok } from "node:assert/strict";
import type { TapbackInput } from "../../../src/simulator/operations/inputs.ts";
import { NOON_MS } from "../../support/fake_clock.ts";
import { names, SyncFixture } from "../../support/sync_fixture.ts";

const JANE = "+15550100001";
const OMAR = "+15550100002";
const CHAT = `iMessage;-;${JANE}`;

/** A fixture with one message of mine that tapbacks can be about. */
function withTarget(): { fixture: SyncFixture; target: string } {
  const fixture = new SyncFixture();
  fixture.app.createChat({ address: JANE });
  fixture.sync();
  const { guid } = fixture.app.message({ chat: CHAT, text: "We won!" });
  fixture.sync();
  return { fixture, target: guid };
}

const STANDING =
  "SELECT reaction_type, emoji, original_part FROM reactions WHERE removed_at IS NULL ORDER BY id";

function add(fixture: SyncFixture, input: Omit<TapbackInput, "from">): void {
  fixture.app.tapback({ from: JANE, ...input });
}

Deno.test("sync() makes a reaction of a tapback, not a message", () => {
  const { fixture, target } = withTarget();
  using _ = fixture;
  add(fixture, { target, kind: "laugh" });
  const { events } = fixture.sync();
  deepEqual(names(events), ["reaction.added"]);
  const reaction = events[0]?.data["reaction"];
  equal(reaction.original_message_guid, target);
  equal(reaction.reaction_type, "laugh");
  equal(reaction.emoji, null);
  equal(reaction.sender_name, JANE);
  equal(fixture.rows("SELECT 1 FROM messages").length, 1);
});

Deno.test("events of tapbacks, edits and the end of a message name its chat, and a tapback the message, too", () => {
  const { fixture, target } = withTarget();
  using _ = fixture;
  const [ours] = fixture.rows("SELECT id, chat_id FROM messages");
  const where = [ours?.["id"], ours?.["chat_id"]];
  const heard = () => fixture.sync().events.map(({ data }) => [data["message_id"], data["chat_id"]]);
  add(fixture, { target, kind: "laugh" });
  deepEqual(heard(), [where]);
  fixture.app.edit({ guid: target, text: "We won!!", dateMs: NOON_MS + 5 });
  deepEqual(heard(), [where]);
  fixture.app.unsend({ guid: target, part: 0, dateMs: NOON_MS + 6 });
  deepEqual(heard(), [where]);
});

Deno.test("sync() reads every kind and every form of the target", () => {
  const { fixture, target } = withTarget();
  using _ = fixture;
  add(fixture, { target, kind: "love", part: 2 });
  add(fixture, { target, kind: "like", targetForm: "balloon" });
  fixture.app.tapback({ target, kind: "question", targetForm: "bare" });
  fixture.app.tapback({ target, kind: "emoji", emoji: "🦦", part: 1 });
  fixture.sync();
  deepEqual(fixture.rows(STANDING), [
    { reaction_type: "love", emoji: null, original_part: 2 },
    { reaction_type: "like", emoji: null, original_part: 0 },
    { reaction_type: "question", emoji: null, original_part: 0 },
    { reaction_type: "emoji", emoji: "🦦", original_part: 1 },
  ]);
});

Deno.test("sync() tells the end of the old tapback before the new one when its sender changes it", () => {
  const { fixture, target } = withTarget();
  using _ = fixture;
  add(fixture, { target, kind: "like" });
  fixture.sync();
  add(fixture, { target, kind: "emoji", emoji: "🎉", dateMs: NOON_MS + 1_000 });
  const { events } = fixture.sync();
  deepEqual(names(events), ["reaction.removed", "reaction.added"]);
  equal(events[0]?.data["reaction"].reaction_type, "like");
  equal(events[0]?.data["reaction"].removed_at, NOON_MS + 1_000);
  deepEqual(fixture.rows(STANDING), [{ reaction_type: "emoji", emoji: "🎉", original_part: 0 }]);
});

Deno.test("sync() ends a tapback that is taken back, and knows it again when it comes back", () => {
  const { fixture, target } = withTarget();
  using _ = fixture;
  add(fixture, { target, kind: "love" });
  fixture.sync();
  fixture.app.removeTapback({ target, kind: "love", from: JANE, dateMs: NOON_MS + 1_000 });
  deepEqual(names(fixture.sync().events), ["reaction.removed"]);
  deepEqual(fixture.rows(STANDING), []);
  add(fixture, { target, kind: "love", dateMs: NOON_MS + 2_000 });
  deepEqual(names(fixture.sync().events), ["reaction.added"]);
  equal(fixture.rows(STANDING).length, 1);
});

Deno.test("sync() leaves another sender's and another part's tapback standing", () => {
  const { fixture, target } = withTarget();
  using _ = fixture;
  add(fixture, { target, kind: "love" });
  add(fixture, { target, kind: "love", part: 1 });
  fixture.app.tapback({ target, kind: "love" });
  fixture.sync();
  fixture.app.removeTapback({ target, kind: "love", from: JANE, dateMs: NOON_MS + 1_000 });
  fixture.sync();
  deepEqual(
    fixture.rows(
      "SELECT sender_id = 1 AS mine, original_part FROM reactions WHERE removed_at IS NULL ORDER BY id",
    ),
    [{ mine: 0, original_part: 1 }, { mine: 1, original_part: 0 }],
  );
});

Deno.test("sync() lets stickers stand beside each other and beside a tapback", () => {
  const { fixture, target } = withTarget();
  using _ = fixture;
  add(fixture, { target, kind: "love" });
  add(fixture, { target, kind: "sticker", dateMs: NOON_MS + 1 });
  add(fixture, { target, kind: "oldSticker", dateMs: NOON_MS + 2 });
  fixture.sync();
  deepEqual(fixture.column("SELECT reaction_type FROM reactions WHERE removed_at IS NULL ORDER BY id"), [
    "love",
    "sticker",
    "sticker",
  ]);
});

Deno.test("sync() keeps a tapback waiting until its message comes, across a restart", () => {
  using fixture = new SyncFixture();
  fixture.app.createChat({ address: JANE });
  fixture.sync();
  add(fixture, { target: "NOT-YET", kind: "like", chat: CHAT });
  deepEqual(fixture.sync().events, []);
  deepEqual(fixture.rows("SELECT kind, waits_for FROM pending_rows"), [{
    kind: "reaction",
    waits_for: "NOT-YET",
  }]);
  fixture.restart();
  deepEqual(fixture.sync().events, []);
  fixture.app.message({ chat: CHAT, text: "here it is", guid: "NOT-YET" });
  deepEqual(names(fixture.sync().events), ["message.created", "reaction.added"]);
  deepEqual(fixture.rows("SELECT * FROM pending_rows"), []);
});

Deno.test("sync() ends a tapback whose removal came before it", () => {
  const { fixture, target } = withTarget();
  using _ = fixture;
  fixture.app.removeTapback({ target, kind: "love", from: JANE, dateMs: NOON_MS + 5_000 });
  deepEqual(fixture.sync().events, []);
  add(fixture, { target, kind: "love", dateMs: NOON_MS + 1_000 });
  deepEqual(names(fixture.sync().events), ["reaction.added", "reaction.removed"]);
  deepEqual(fixture.column("SELECT removed_at FROM reactions"), [NOON_MS + 5_000]);
});

Deno.test("sync() keeps what taking back another kind says away from a tapback that replaced it", () => {
  const { fixture, target } = withTarget();
  using _ = fixture;
  add(fixture, { target, kind: "love" });
  add(fixture, { target, kind: "like", dateMs: NOON_MS + 1_000 });
  fixture.sync();
  fixture.app.removeTapback({ target, kind: "love", from: JANE, dateMs: NOON_MS + 2_000 });
  fixture.sync();
  deepEqual(fixture.column("SELECT reaction_type FROM reactions WHERE removed_at IS NULL"), ["like"]);
});

Deno.test("sync() gives a tapback in a group to the person who sent it", () => {
  using fixture = new SyncFixture();
  const group = fixture.app.createGroup({ members: [JANE, OMAR] });
  fixture.sync();
  const { guid } = fixture.app.message({ chat: group.guid, from: JANE, text: "Who brings what?" });
  fixture.app.tapback({ target: guid, kind: "emphasize", from: OMAR });
  const { events } = fixture.sync();
  equal(events.at(-1)?.data["reaction"].sender_name, OMAR);
});

Deno.test("sync() settles tapbacks at the end of an import without indexes, and lets those without a message wait", () => {
  using fixture = new SyncFixture({ deferIndexesAbove: 0 });
  fixture.app.createChat({ address: JANE });
  const { guid: target } = fixture.app.message({ chat: CHAT, text: "We won!" });
  const first = fixture.app.tapback({ target, kind: "like", from: JANE });
  // A second standing row of the same sender, as iCloud can leave one.
  const second = fixture.app.tapback({ target, kind: "love", dateMs: NOON_MS + 1_000 });
  const handle = Number(fixture.app.db.prepare("SELECT max(ROWID) AS id FROM handle").get()?.["id"]);
  fixture.app.change({ guid: second.guid, columns: { is_from_me: 0, handle_id: handle } });
  add(fixture, { target: "NOT-YET", kind: "like", chat: CHAT });
  ok(fixture.sync().resync);
  deepEqual(fixture.rows("SELECT guid, removed_at FROM reactions ORDER BY id"), [
    { guid: first.guid, removed_at: NOON_MS + 1_000 },
    { guid: second.guid, removed_at: null },
  ]);
  deepEqual(fixture.rows("SELECT kind, waits_for FROM pending_rows"), [{
    kind: "reaction",
    waits_for: "NOT-YET",
  }]);
  fixture.app.message({ chat: CHAT, text: "here it is", guid: "NOT-YET" });
  deepEqual(names(fixture.sync().events), ["message.created", "reaction.added"]);
});

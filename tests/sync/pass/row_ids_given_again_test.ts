/** Row ids of Messages' file that name something else by the time we look: what they named before is followed, too. */
import { deepEqual } from "node:assert/strict";
import { NOON_MS } from "../../support/fake_clock.ts";
import { type HeardEvent, names, SyncFixture, type SyncFixtureOptions } from "../../support/sync_fixture.ts";
import { copyTo, restoreInto } from "../support/file_swaps.ts";

const JANE = "+15550100001";
const OMAR = "+15550100002";
const EVE = "eve@example.com";
const CLIMBING = "iMessage;+;chat900";
const READING = "iMessage;+;chat901";

/** In step, with two groups; the newest row of who is in a chat says that Eve is in Climbing. */
function twoGroups(options: SyncFixtureOptions = {}): SyncFixture {
  const fixture = new SyncFixture({ lookBack: 0, ...options });
  fixture.app.createGroup({ members: [JANE, OMAR], name: "Reading", identifier: "chat901" });
  fixture.app.createGroup({ members: [JANE, OMAR], name: "Climbing", identifier: "chat900" });
  fixture.app.changeMembers({ chat: CLIMBING, add: [EVE] });
  fixture.sync();
  fixture.reconcile();
  return fixture;
}

/** Who is in which chat, as `chat900 eve@example.com`. */
function members(fixture: SyncFixture): unknown[] {
  return fixture.column(`
    SELECT c.chat_identifier || ' ' || p.name FROM chat_participants cp
      JOIN chats c ON c.id = cp.chat_id JOIN contacts p ON p.id = cp.contact_id
     ORDER BY 1`);
}

function newestMember({ app }: SyncFixture): unknown {
  return app.db.prepare("SELECT max(ROWID) AS newest FROM chat_handle_join").get()?.["newest"];
}

/** What is told when Eve leaves Climbing and `taken` gives the row that said she was in it to another chat. */
function eveLeaves(fixture: SyncFixture, taken: (fixture: SyncFixture) => void): HeardEvent[] {
  const newest = newestMember(fixture);
  fixture.app.changeMembers({ chat: CLIMBING, remove: [EVE] });
  taken(fixture);
  deepEqual(newestMember(fixture), newest, "the row is given again");
  const events = fixture.committed();
  const left = events.filter(({ event, data }) =>
    event === "chat.participants" && data["removed"].length > 0
  );
  deepEqual(left.map(({ data }) => data["removed"]), [
    fixture.column(`SELECT id FROM contacts WHERE name = '${EVE}'`),
  ]);
  deepEqual(fixture.sync().events, [], "nothing is left to tell");
  deepEqual(fixture.reconcile(), [], "nothing is left to mend");
  return events;
}

Deno.test("step() tells who left a group when a new group took over that row before we looked", () => {
  using fixture = twoGroups();
  const events = eveLeaves(fixture, ({ app }) => app.createGroup({ members: [OMAR], identifier: "chat902" }));
  deepEqual(names(events), ["chat.created", "chat.participants"]);
  deepEqual(members(fixture), [
    `chat900 ${JANE}`,
    `chat900 ${OMAR}`,
    `chat901 ${JANE}`,
    `chat901 ${OMAR}`,
    `chat902 ${OMAR}`,
  ]);
});

Deno.test("step() tells who left a group when another group took over that row before we looked", () => {
  using fixture = twoGroups();
  const events = eveLeaves(fixture, ({ app }) => app.changeMembers({ chat: READING, add: [EVE] }));
  deepEqual(names(events), ["chat.participants", "chat.participants"]);
  deepEqual(
    members(fixture),
    [
      `chat900 ${JANE}`,
      `chat900 ${OMAR}`,
      `chat901 ${JANE}`,
      `chat901 ${OMAR}`,
      `chat901 ${EVE}`,
    ].toSorted(),
  );
});

Deno.test("step() tells who left a group when a new group took over that row and no WAL is read", () => {
  using fixture = twoGroups({ changes: null });
  eveLeaves(fixture, ({ app }) => app.createGroup({ members: [OMAR], identifier: "chat902" }));
});

const CHATS = "SELECT chat_identifier, service_name, deleted_at FROM chats ORDER BY id";

/**
 * What is told, beside the new group, when the chat of `address` is lost with a restore that no message tells of, and a new
 * group gets its ROWID before we look.
 */
function takenByGroup(
  fixture: SyncFixture,
  { address, service }: { address: string; service: string },
): HeardEvent[] {
  fixture.app.createChat({ address: JANE });
  fixture.sync();
  const older = `${fixture.folder}/older.db`;
  copyTo(fixture, older);
  fixture.app.createChat({ address, service });
  fixture.sync();
  restoreInto(fixture.app.db, older);
  fixture.app.createGroup({ members: [JANE], identifier: "chat900" });
  const events = fixture.committed();
  deepEqual(fixture.sync().events, [], "nothing is left to tell");
  deepEqual(fixture.reconcile(), [], "nothing is left to mend");
  return events.filter(({ data }) => data["chat"]?.["chat_identifier"] !== "chat900");
}

Deno.test("step() tells what is left of a chat on two services when a group has the ROWID of one of them", () => {
  using fixture = new SyncFixture({ lookBack: 0 });
  const told = takenByGroup(fixture, { address: JANE, service: "SMS" });
  deepEqual(names(told), ["chat.updated"]);
  deepEqual(told[0]?.data["values"], { service_name: "iMessage" });
  deepEqual(fixture.rows(CHATS), [
    { chat_identifier: JANE, service_name: "iMessage", deleted_at: null },
    { chat_identifier: "chat900", service_name: "iMessage", deleted_at: null },
  ]);
});

Deno.test("step() tells that a chat is gone when a group has its ROWID", () => {
  using fixture = new SyncFixture({ lookBack: 0 });
  const told = takenByGroup(fixture, { address: EVE, service: "iMessage" });
  deepEqual(names(told), ["chat.deleted"]);
  deepEqual(fixture.rows(CHATS), [
    { chat_identifier: JANE, service_name: "iMessage", deleted_at: null },
    { chat_identifier: EVE, service_name: "iMessage", deleted_at: NOON_MS },
    { chat_identifier: "chat900", service_name: "iMessage", deleted_at: null },
  ]);
});

Deno.test("step() moves all that was in a chat when that has another identifier", () => {
  using fixture = twoGroups();
  const { app } = fixture;
  app.message({ guid: "FIRST", chat: CLIMBING, from: EVE, text: "first" });
  app.tapback({ target: "FIRST", from: OMAR, kind: "love" });
  app.happening({ chat: CLIMBING, kind: "renamed", title: "Hiking", from: JANE, dateMs: NOON_MS });
  // More than what lies in pages that are written again.
  app.inOneCommit(() => {
    for (let i = 0; i < 200; i++) app.message({ chat: READING, from: JANE, text: `filler ${i}` });
  });
  fixture.committed();
  app.db.prepare("UPDATE chat SET guid = :guid, chat_identifier = 'chat902' WHERE guid = :old")
    .run({ guid: "iMessage;+;chat902", old: CLIMBING });
  const events = fixture.committed();
  deepEqual(names(events), [
    "chat.deleted",
    "chat.created",
    "message.updated",
    "reaction.removed",
    "reaction.added",
  ]);
  const where = (table: string) => fixture.column(`SELECT DISTINCT chat_id FROM ${table}`);
  const [chat] = fixture.column("SELECT id FROM chats WHERE chat_identifier = 'chat902'");
  deepEqual(fixture.column("SELECT chat_id FROM messages WHERE guid = 'FIRST'"), [chat]);
  deepEqual([...where("reactions"), ...where("chat_events")], [chat, chat]);
  deepEqual(fixture.sync().events, [], "nothing is left to tell");
  deepEqual(fixture.reconcile(), [], "nothing is left to mend");
});

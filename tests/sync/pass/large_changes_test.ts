/** Commits that change more than one pass looks at, and what passes leave for later. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { copyTo } from "../support/file_swaps.ts";
import { NOON_MS } from "../../support/fake_clock.ts";
import { type HeardEvent, SyncFixture } from "../../support/sync_fixture.ts";

const JANE = "+15550100001";
const OMAR = "+15550100002";
const CHAT = `iMessage;-;${JANE}`;
const OTHER = `iMessage;-;${OMAR}`;
/** So many row ids are looked at in one pass; a few more than one slice. */
const MANY = 2_300;

function withMessages(count: number): SyncFixture {
  const fixture = new SyncFixture();
  for (const address of [JANE, OMAR]) fixture.app.createChat({ address });
  fixture.app.inOneCommit(() => {
    for (let i = 0; i < count; i++) {
      fixture.app.message({ guid: `M${i}`, chat: CHAT, from: JANE, text: `message ${i}` });
    }
  });
  fixture.sync();
  fixture.app.message({ guid: "NEWEST", chat: CHAT, from: JANE, text: "newest" });
  fixture.committed();
  return fixture;
}

const deletions = (events: readonly HeardEvent[]) =>
  events.filter(({ event }) => event === "message.deleted");

Deno.test("step() comes to its end, and has told all, when one commit changed more rows than a pass looks at", () => {
  using fixture = withMessages(MANY);
  fixture.app.inOneCommit(() => {
    for (let i = 0; i < MANY; i++) fixture.app.markRead({ guid: `M${i}`, dateMs: NOON_MS + 1 });
  });
  equal(fixture.committed().length, MANY);
});

Deno.test("step() tells all that went to Recently Deleted when the newest message did, too", () => {
  using fixture = withMessages(MANY);
  for (let first = 0; first < MANY; first += 300) {
    fixture.app.inOneCommit(() => {
      for (let i = first; i < Math.min(MANY, first + 300); i++) fixture.app.delete({ guid: `M${i}` });
    });
  }
  fixture.app.delete({ guid: "NEWEST" });
  fixture.app.message({ chat: OTHER, from: OMAR, text: "later" });
  equal(deletions(fixture.committed()).length, MANY + 1);
});

Deno.test("a slice of the comparison between a commit and its pass hides nothing from that", () => {
  using fixture = withMessages(400);
  fixture.messages.comparison.begin(false);
  fixture.messages.compareStep(NOON_MS);
  fixture.app.inOneCommit(() => {
    fixture.app.delete({ guid: "M20" });
    fixture.app.delete({ guid: "NEWEST" });
  });
  fixture.messages.compareStep(NOON_MS);
  deepEqual(deletions(fixture.committed()).map(({ data }) => data["guid"]), ["M20", "NEWEST"]);
});

Deno.test("messages of a handle that names somebody else follow it when the program is killed before it came to them", () => {
  using fixture = new SyncFixture();
  fixture.app.createGroup({ members: [JANE, OMAR], name: "Climbing", identifier: "chat900" });
  fixture.app.inOneCommit(() => {
    for (let i = 0; i < 200; i++) {
      fixture.app.message({ chat: "iMessage;+;chat900", from: OMAR, text: `${i}` });
    }
  });
  fixture.sync();
  fixture.app.changeHandle({ address: OMAR, newAddress: "+15550100009" });
  ok(fixture.messages.step(5_000, "commit", NOON_MS, false).more);
  fixture.crash();
  fixture.attachIfNeeded();
  fixture.sync();
  deepEqual(
    fixture.column(
      "SELECT DISTINCT i.identifier FROM messages m JOIN contact_identifiers i ON i.id = m.sender_identifier_id",
    ),
    ["+15550100009"],
  );
});

Deno.test("step() comes to its end when messages that were left for later are changed themselves, or gone", () => {
  using fixture = new SyncFixture();
  fixture.app.createGroup({ members: [JANE, OMAR], name: "Climbing", identifier: "chat900" });
  for (let i = 0; i < 3; i++) {
    fixture.app.message({ guid: `M${i}`, chat: "iMessage;+;chat900", from: OMAR, text: `${i}` });
  }
  fixture.sync();
  fixture.app.changeHandle({ address: OMAR, newAddress: "+15550100009" });
  fixture.messages.step(5_000, "commit", NOON_MS, false);
  fixture.app.inOneCommit(() => {
    fixture.app.markRead({ guid: "M0", dateMs: NOON_MS + 1 });
    fixture.app.deleteForGood({ guid: "M1" });
    fixture.app.deleteForGood({ guid: "M2" });
  });
  fixture.committed();
  deepEqual(fixture.column("SELECT count(*) FROM follow_ups"), [0]);
});

for (const deferIndexesAbove of [1, 20_000]) {
  Deno.test(`a file that is replaced during the first import leaves no row of the other when indexes are deferred above ${deferIndexesAbove}`, () => {
    using fixture = new SyncFixture({ deferIndexesAbove });
    using other = new SyncFixture({ seed: 7 });
    for (const [{ app }, name] of [[fixture, "G"], [other, "H"]] as const) {
      app.createChat({ address: JANE });
      app.inOneCommit(() => {
        for (let i = 0; i < 60; i++) {
          app.message({ guid: `${name}${i}`, chat: CHAT, from: JANE, text: `${name} ${i}` });
        }
      });
    }
    fixture.attach();
    fixture.step(10);
    fixture.step(10);
    const copy = `${fixture.folder}/copy.db`;
    copyTo(other, copy);
    fixture.quitApp();
    fixture.release();
    for (const suffix of ["", "-wal", "-shm"]) {
      if (suffixExists(fixture.chatDb + suffix)) Deno.removeSync(fixture.chatDb + suffix);
    }
    Deno.copyFileSync(copy, fixture.chatDb);
    fixture.startApp();
    fixture.restart();
    fixture.sync();
    deepEqual(
      fixture.column("SELECT count(*) FROM messages WHERE source_rowid IS NOT NULL AND guid NOT LIKE 'H%'"),
      [0],
    );
    deepEqual(fixture.column("SELECT count(*) FROM messages WHERE guid LIKE 'H%'"), [60]);
    fixture.app.deleteForGood({ guid: "H4" });
    deepEqual(deletions(fixture.sync().events).map(({ data }) => data["guid"]), ["H4"]);
    deepEqual(
      fixture.column(
        "SELECT c.total_messages - count(*) FROM chats c JOIN messages m ON m.chat_id = c.id WHERE m.deleted_at IS NULL",
      ),
      [0],
    );
  });
}

function suffixExists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

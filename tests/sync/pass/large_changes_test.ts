/** Commits that change more than one pass looks at, and what passes leave for later. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { copyTo } from "../support/file_swaps.ts";
import { type HeardEvent, NOON_MS, Workbench } from "../../support/sync_fixture.ts";

const JANE = "+15550100001";
const OMAR = "+15550100002";
const CHAT = `iMessage;-;${JANE}`;
const OTHER = `iMessage;-;${OMAR}`;
/** So many row ids are looked at in one pass; a few more than one slice. */
const MANY = 2_300;

/** As in life: by commits alone, until nothing is left. */
function committed(bench: Workbench): HeardEvent[] {
  const events: HeardEvent[] = [];
  for (let steps = 0; steps < 40; steps++) {
    const step = bench.messages.step(5_000, "commit", NOON_MS, false);
    events.push(...step.events.map(({ json }): HeardEvent => JSON.parse(json)));
    if (!step.more) return events;
  }
  throw new Error("The passes do not come to an end");
}

function withMessages(count: number): Workbench {
  const bench = new Workbench();
  for (const address of [JANE, OMAR]) bench.app.createChat({ address });
  bench.app.inOneCommit(() => {
    for (let i = 0; i < count; i++) {
      bench.app.message({ guid: `M${i}`, chat: CHAT, from: JANE, text: `message ${i}` });
    }
  });
  bench.sync();
  bench.app.message({ guid: "NEWEST", chat: CHAT, from: JANE, text: "newest" });
  committed(bench);
  return bench;
}

const deletions = (events: readonly HeardEvent[]) =>
  events.filter(({ event }) => event === "message.deleted");

Deno.test("step() comes to its end, and has told all, when one commit changed more rows than a pass looks at", () => {
  using bench = withMessages(MANY);
  bench.app.inOneCommit(() => {
    for (let i = 0; i < MANY; i++) bench.app.markRead({ guid: `M${i}`, dateMs: NOON_MS + 1 });
  });
  equal(committed(bench).length, MANY);
});

Deno.test("step() tells all that went to Recently Deleted when the newest message did, too", () => {
  using bench = withMessages(MANY);
  for (let first = 0; first < MANY; first += 300) {
    bench.app.inOneCommit(() => {
      for (let i = first; i < Math.min(MANY, first + 300); i++) bench.app.delete({ guid: `M${i}` });
    });
  }
  bench.app.delete({ guid: "NEWEST" });
  bench.app.message({ chat: OTHER, from: OMAR, text: "later" });
  equal(deletions(committed(bench)).length, MANY + 1);
});

Deno.test("a slice of the comparison between a commit and its pass hides nothing from that", () => {
  using bench = withMessages(400);
  bench.messages.comparison.begin(false);
  bench.messages.compareStep(NOON_MS);
  bench.app.inOneCommit(() => {
    bench.app.delete({ guid: "M20" });
    bench.app.delete({ guid: "NEWEST" });
  });
  bench.messages.compareStep(NOON_MS);
  deepEqual(deletions(committed(bench)).map(({ data }) => data["guid"]), ["M20", "NEWEST"]);
});

Deno.test("messages of a handle that names somebody else follow it when the program is killed before it came to them", () => {
  using bench = new Workbench();
  bench.app.createGroup({ members: [JANE, OMAR], name: "Climbing", identifier: "chat900" });
  bench.app.inOneCommit(() => {
    for (let i = 0; i < 200; i++) bench.app.message({ chat: "iMessage;+;chat900", from: OMAR, text: `${i}` });
  });
  bench.sync();
  bench.app.changeHandle({ address: OMAR, newAddress: "+15550100009" });
  ok(bench.messages.step(5_000, "commit", NOON_MS, false).more);
  bench.crash();
  bench.attachIfNeeded();
  bench.sync();
  deepEqual(
    bench.column(
      "SELECT DISTINCT i.identifier FROM messages m JOIN contact_identifiers i ON i.id = m.sender_identifier_id",
    ),
    ["+15550100009"],
  );
});

Deno.test("step() comes to its end when messages that were left for later are changed themselves, or gone", () => {
  using bench = new Workbench();
  bench.app.createGroup({ members: [JANE, OMAR], name: "Climbing", identifier: "chat900" });
  for (let i = 0; i < 3; i++) {
    bench.app.message({ guid: `M${i}`, chat: "iMessage;+;chat900", from: OMAR, text: `${i}` });
  }
  bench.sync();
  bench.app.changeHandle({ address: OMAR, newAddress: "+15550100009" });
  bench.messages.step(5_000, "commit", NOON_MS, false);
  bench.app.inOneCommit(() => {
    bench.app.markRead({ guid: "M0", dateMs: NOON_MS + 1 });
    bench.app.deleteForGood({ guid: "M1" });
    bench.app.deleteForGood({ guid: "M2" });
  });
  committed(bench);
  deepEqual(bench.column("SELECT count(*) FROM follow_ups"), [0]);
});

for (const deferIndexesAbove of [1, 20_000]) {
  Deno.test(`a file that is replaced during the first import leaves no row of the other when indexes are deferred above ${deferIndexesAbove}`, () => {
    using bench = new Workbench({ deferIndexesAbove });
    using other = new Workbench({ seed: 7 });
    for (const [{ app }, name] of [[bench, "G"], [other, "H"]] as const) {
      app.createChat({ address: JANE });
      app.inOneCommit(() => {
        for (let i = 0; i < 60; i++) {
          app.message({ guid: `${name}${i}`, chat: CHAT, from: JANE, text: `${name} ${i}` });
        }
      });
    }
    bench.attach();
    bench.step(10);
    bench.step(10);
    const copy = `${bench.folder}/copy.db`;
    copyTo(other, copy);
    bench.quitApp();
    bench.release();
    for (const suffix of ["", "-wal", "-shm"]) {
      if (suffixExists(bench.chatDb + suffix)) Deno.removeSync(bench.chatDb + suffix);
    }
    Deno.copyFileSync(copy, bench.chatDb);
    bench.startApp();
    bench.restart();
    bench.sync();
    deepEqual(
      bench.column("SELECT count(*) FROM messages WHERE source_rowid IS NOT NULL AND guid NOT LIKE 'H%'"),
      [0],
    );
    deepEqual(bench.column("SELECT count(*) FROM messages WHERE guid LIKE 'H%'"), [60]);
    bench.app.deleteForGood({ guid: "H4" });
    deepEqual(deletions(bench.sync().events).map(({ data }) => data["guid"]), ["H4"]);
    deepEqual(
      bench.column(
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

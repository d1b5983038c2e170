import { deepEqual, equal, throws } from "node:assert/strict";
import { KEPT_EVENTS, KEPT_MS, type NewEvent, Outbox } from "../../src/store/outbox.ts";
import { FEED, Store } from "./support/store.ts";

const NOW = Date.UTC(2026, 0, 15, 12);
const DAY = 24 * 3600 * 1000;

function event(n: number): NewEvent {
  return { event: "message.created", topics: ["chats", `chat:${n}`], data: `{"n":${n}}` };
}

class Fixture extends Store {
  readonly outbox = new Outbox(this.db);

  /** Appends so many events in one transaction. */
  append(count: number, atMs = NOW): void {
    this.db.transaction(() => {
      this.outbox.append(Array.from({ length: count }, (_, i) => event(i)), atMs);
    });
  }

  /** Rows by SQL, which is quick: `count` events from `firstSeq` on, all at one time. */
  fill(firstSeq: number, count: number, atMs: number): void {
    this.db.prepare(
      `WITH RECURSIVE n (seq) AS (SELECT :first UNION ALL SELECT seq + 1 FROM n WHERE seq < :last)
       INSERT INTO main.sync_events (seq, at, event, topics, data)
       SELECT seq, :at, 'chat.updated', '["chats"]', '{}' FROM n`,
    ).run({ first: firstSeq, last: firstSeq + count - 1, at: atMs });
  }

  /** Prunes to the end; gives how many were taken in all. */
  pruneAll(nowMs = NOW): number {
    let taken = 0;
    for (let some = -1; some !== 0; taken += some) some = this.outbox.prune(nowMs, 40_000);
    return taken;
  }

  count(): unknown {
    return this.rows("SELECT count(*) AS n FROM sync_events")[0]?.["n"];
  }
}

Deno.test("append() numbers events from 1 without gaps and gives them as they are read later", () => {
  using fixture = new Fixture();
  equal(fixture.outbox.feed, FEED);
  deepEqual(fixture.outbox.position(), { seq: 0, oldest: 1 });
  const first = fixture.outbox.append([event(1), event(2)], NOW);
  const second = fixture.outbox.append([event(3)], NOW + 1);
  deepEqual([...first, ...second].map(({ seq }) => seq), [1, 2, 3]);
  deepEqual(fixture.outbox.read(0, 10), [...first, ...second]);
  deepEqual(JSON.parse(second[0]?.json ?? ""), {
    type: "event",
    seq: 3,
    at: "2026-01-15T12:00:00.001Z",
    event: "message.created",
    topics: ["chats", "chat:3"],
    data: { n: 3 },
  });
  deepEqual(fixture.outbox.append([], NOW), []);
  deepEqual(fixture.outbox.position(), { seq: 3, oldest: 1 });
});

Deno.test("append() leaves no event and uses no number when its transaction is rolled back", () => {
  using fixture = new Fixture();
  fixture.append(2);
  throws(() =>
    fixture.db.transaction(() => {
      deepEqual(fixture.outbox.append([event(1), event(2)], NOW).map(({ seq }) => seq), [3, 4]);
      throw new Error("cut off");
    }), /cut off/);
  deepEqual(fixture.outbox.position(), { seq: 2, oldest: 1 });
  deepEqual(fixture.outbox.read(0, 10).map(({ seq }) => seq), [1, 2]);
  deepEqual(fixture.outbox.append([event(3)], NOW).map(({ seq }) => seq), [3]);
});

Deno.test("read() gives what comes after a position, in order, up to the limit", () => {
  using fixture = new Fixture();
  fixture.append(10);
  deepEqual(fixture.outbox.read(0, 3).map(({ seq }) => seq), [1, 2, 3]);
  deepEqual(fixture.outbox.read(7, 100).map(({ seq }) => seq), [8, 9, 10]);
  deepEqual(fixture.outbox.read(10, 100), []);
  deepEqual(fixture.outbox.read(99, 100), []);
});

Deno.test("append() gives a number only once, also when all events were pruned", () => {
  using fixture = new Fixture();
  fixture.append(3);
  fixture.db.exec("DELETE FROM sync_events");
  deepEqual(fixture.outbox.position(), { seq: 3, oldest: 4 });
  deepEqual(fixture.outbox.append([event(1)], NOW).map(({ seq }) => seq), [4]);
  deepEqual(fixture.outbox.position(), { seq: 4, oldest: 4 });
});

Deno.test("breakFeed() spends one number and leaves nothing to replay before it", () => {
  using fixture = new Fixture();
  fixture.append(5);
  fixture.db.transaction(() => fixture.outbox.breakFeed());
  // Who had everything (after 5) is behind now, as after < oldest - 1.
  deepEqual(fixture.outbox.position(), { seq: 6, oldest: 7 });
  fixture.append(1);
  deepEqual(fixture.outbox.position(), { seq: 7, oldest: 7 });
  deepEqual(fixture.outbox.read(6, 10).map(({ seq }) => seq), [7]);
});

Deno.test("breakFeed() works on a feed without events, and leaves none of it when rolled back", () => {
  using fixture = new Fixture();
  throws(() =>
    fixture.db.transaction(() => {
      fixture.outbox.breakFeed();
      throw new Error("cut off");
    }), /cut off/);
  deepEqual(fixture.outbox.position(), { seq: 0, oldest: 1 });
  fixture.db.transaction(() => fixture.outbox.breakFeed());
  deepEqual(fixture.outbox.position(), { seq: 1, oldest: 2 });
});

Deno.test("prune() keeps the last 100,000 events when they are older than 7 days", () => {
  using fixture = new Fixture();
  equal(KEPT_EVENTS, 100_000);
  equal(KEPT_MS, 7 * DAY);
  fixture.fill(1, 100_003, NOW - 30 * DAY);
  equal(fixture.outbox.prune(NOW, 2), 2);
  equal(fixture.pruneAll(), 1);
  deepEqual(fixture.outbox.position(), { seq: 100_003, oldest: 4 });
  equal(fixture.count(), 100_000);
});

Deno.test("prune() keeps all events of the last 7 days when they are more than 100,000", () => {
  using fixture = new Fixture();
  fixture.fill(1, 10, NOW - 7 * DAY - 1);
  fixture.fill(11, 100_100, NOW - 7 * DAY);
  equal(fixture.pruneAll(), 10);
  deepEqual(fixture.outbox.position(), { seq: 100_110, oldest: 11 });
});

Deno.test("prune() takes nothing when there are few events, however old", () => {
  using fixture = new Fixture();
  fixture.append(5, NOW - 365 * DAY);
  equal(fixture.pruneAll(), 0);
  equal(fixture.count(), 5);
});

/** The order of the feed at the parent, whatever comes between `ready` and the answer to `subscribe`. */
import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { FeedOrder } from "../../fixtures/electron/feed_order.mjs";
import { testSeed } from "../support/seed.ts";

const FEED = "a feed";

/** A parent that deals with all that is due, and notes the numbers. */
class Parent {
  readonly seqs: number[] = [];
  readonly order: FeedOrder;
  constructor(seq: number | null) {
    this.order = new FeedOrder(seq === null ? null : { feed: FEED, seq });
  }
  arrive(...seqs: readonly number[]): void {
    for (const seq of seqs) this.deal(this.order.arrived({ seq }));
  }
  deal(due: readonly { readonly seq: number }[]): void {
    for (const event of due) {
      this.order.handled(event);
      this.seqs.push(event.seq);
    }
  }
}

/** Every number above `from`, up to `to`. */
function above(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + 1 + i);
}

Deno.test("FeedOrder begins at `ready` and asks for nothing when it has no position", () => {
  const parent = new Parent(null);
  equal(parent.order.opened({ feed: FEED, seq: 7 }), null);
  parent.arrive(8, 9);
  deepEqual([parent.seqs, parent.order.position], [[8, 9], { feed: FEED, seq: 9 }]);
});

Deno.test("FeedOrder gives each event once and in order when some come before the answer to `subscribe`", () => {
  const steps = fc.tuple(fc.nat(50), fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(9));
  fc.assert(
    fc.property(steps, ([position, missed, early, later, live]) => {
      const ready = position + missed;
      const told = ready + early;
      const newest = told + later;
      const parent = new Parent(position);
      deepEqual(parent.order.opened({ feed: FEED, seq: ready }), {
        ...{ type: "subscribe", topics: ["*"], after: position, feed: FEED },
      });
      parent.arrive(...above(ready, told));
      parent.deal(parent.order.subscribed());
      // The replay leaves out what this connection was given already.
      parent.arrive(...above(position, ready), ...above(told, newest), ...above(newest, newest + live));
      deepEqual(parent.seqs, above(position, newest + live));
    }),
    { seed: testSeed(), numRuns: 500 },
  );
});

Deno.test("FeedOrder goes on from `resync` when the position means nothing any more", () => {
  const parent = new Parent(40);
  parent.order.opened({ feed: "another", seq: 5 });
  parent.arrive(6);
  parent.order.restarted({ feed: "another", seq: 6 });
  parent.deal(parent.order.subscribed());
  parent.arrive(7);
  deepEqual([parent.seqs, parent.order.position], [[7], { feed: "another", seq: 7 }]);
});

Deno.test("FeedOrder drops what was dealt with when it comes again", () => {
  const parent = new Parent(null);
  parent.order.opened({ feed: FEED, seq: 0 });
  parent.arrive(1, 2, 1, 2, 3);
  deepEqual(parent.seqs, [1, 2, 3]);
});

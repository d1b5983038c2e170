import assert from "node:assert/strict";
import fc from "fast-check";
import { MAX_RANGES, MAX_TOPICS, Subscription } from "../../src/notify/subscription.ts";

const FEED = "feed-a";

/** Passes over the events above the cursor up to `until`; gives the numbers of those due. */
function pass(
  subscription: Subscription,
  topicsOf: (seq: number) => readonly string[],
  until: number,
): number[] {
  const due: number[] = [];
  for (let seq = subscription.cursor + 1; seq <= until; seq++) {
    if (subscription.due({ seq, topics: topicsOf(seq) })) due.push(seq);
    subscription.advance(seq);
  }
  return due;
}

const contacts = () => ["contacts"];

Deno.test("subscribe() gives live events only when after is absent", () => {
  const subscription = new Subscription(3);
  assert.equal(subscription.subscribe({ topics: ["contacts"] }, FEED, { seq: 5, oldest: 1 }), "subscribed");
  assert.deepEqual(pass(subscription, contacts, 7), [6, 7]);
});

Deno.test("subscribe() replays what the connection was not given when it subscribes again with an older after", () => {
  const subscription = new Subscription(10);
  const topicsOf = (seq: number) => seq % 2 === 0 ? ["chats", "chat:1"] : ["contacts"];
  subscription.subscribe({ topics: ["chat:1"], after: 4 }, FEED, { seq: 10, oldest: 1 });
  assert.deepEqual(pass(subscription, topicsOf, 10), [6, 8, 10]);
  subscription.subscribe({ topics: ["*"], after: 2 }, FEED, { seq: 10, oldest: 1 });
  assert.deepEqual(pass(subscription, topicsOf, 12), [3, 4, 5, 7, 9, 11, 12]);
});

Deno.test("subscribe() gives no event twice when the topic was unsubscribed in between", () => {
  const subscription = new Subscription(0);
  subscription.subscribe({ topics: ["contacts"] }, FEED, { seq: 0, oldest: 1 });
  assert.deepEqual(pass(subscription, contacts, 3), [1, 2, 3]);
  subscription.unsubscribe(["contacts"]);
  assert.deepEqual(pass(subscription, contacts, 5), []);
  subscription.subscribe({ topics: ["contacts"], after: 0 }, FEED, { seq: 5, oldest: 1 });
  assert.deepEqual(pass(subscription, contacts, 6), [4, 5, 6]);
});

const POSITIONS = [
  { after: 10, feed: FEED, oldest: 5, outcome: "subscribed", why: "the position is the newest" },
  { after: 4, feed: FEED, oldest: 5, outcome: "subscribed", why: "the next event is the oldest kept" },
  { after: 3, feed: FEED, oldest: 5, outcome: "resync", why: "the next event is no longer kept" },
  { after: 11, feed: FEED, oldest: 5, outcome: "resync", why: "the position lies ahead of the feed" },
  { after: 10, feed: "feed-b", oldest: 5, outcome: "resync", why: "the feed is another" },
  {
    after: undefined,
    feed: "feed-b",
    oldest: 5,
    outcome: "resync",
    why: "the feed is another, without after",
  },
  {
    after: 10,
    feed: undefined,
    oldest: 11,
    outcome: "subscribed",
    why: "nothing is kept and nothing missed",
  },
];
for (const { after, feed, oldest, outcome, why } of POSITIONS) {
  Deno.test(`subscribe() answers ${outcome} when ${why}`, () => {
    const subscription = new Subscription(10);
    const answer = subscription.subscribe({ topics: ["*"], after, feed }, FEED, { seq: 10, oldest });
    assert.equal(answer, outcome);
    if (outcome === "resync") assert.deepEqual(pass(subscription, contacts, 12), [11, 12]);
  });
}

Deno.test("subscribe() refuses and changes nothing when the connection would hold too many topics", () => {
  const subscription = new Subscription(0);
  const topics = Array.from({ length: MAX_TOPICS }, (_, i) => `chat:${i + 1}`);
  const position = { seq: 0, oldest: 1 };
  assert.equal(subscription.subscribe({ topics }, FEED, position), "subscribed");
  assert.equal(subscription.subscribe({ topics: ["contacts", "chat:1"] }, FEED, position), "too_many_topics");
  assert.equal(subscription.subscribe({ topics: ["chat:1"] }, FEED, position), "subscribed");
  assert.deepEqual(pass(subscription, contacts, 2), []);
});

Deno.test("subscribe() answers resync rather than repeat when its memory of old ranges was given up", () => {
  const subscription = new Subscription(0);
  const topicsOf = () => ["chats", "chat:1"];
  let seq = 0;
  for (let i = 0; i <= MAX_RANGES + 1; i++) {
    subscription.subscribe({ topics: ["chat:1"] }, FEED, { seq, oldest: 1 });
    assert.equal(pass(subscription, topicsOf, seq + 1).length, 1);
    subscription.unsubscribe(["chat:1"]);
    pass(subscription, topicsOf, seq + 2);
    seq += 2;
  }
  assert.equal(subscription.subscribe({ topics: ["*"], after: 0 }, FEED, { seq, oldest: 1 }), "resync");
});

/** What any client may do, and what the store may do beside it. */
const topic = fc.constantFrom("*", "chats", "contacts", "sync", "chat:1", "chat:2", "contact:1");
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("commit" as const), topics: topicsOfEvent() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("subscribe" as const),
      topics: fc.array(topic, { minLength: 1, maxLength: 3 }),
      back: fc.option(fc.nat(12)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("unsubscribe" as const), topics: fc.array(topic) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), count: fc.nat(6) }) },
);

function topicsOfEvent() {
  return fc.constantFrom(
    ["chats", "chat:1"],
    ["chats", "chat:2"],
    ["contacts", "contact:1"],
    ["contacts", "contact:1", "chat:1", "chat:2"],
  );
}

Deno.test("any interleaving of subscribe, unsubscribe and commit gives each event due once and in order", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const events: (readonly string[])[] = [];
      const topicsOf = (seq: number) => events[seq - 1] ?? [];
      const subscription = new Subscription(0);
      /** The plain model: who is held since where, and every event that was given, by number. */
      const held = new Map<string, number>();
      const given = new Set<number>();
      const owed = (seq: number) =>
        !given.has(seq) && ["*", ...topicsOf(seq)].some((name) => seq > (held.get(name) ?? Infinity));
      let last = 0;
      const advance = (until: number) => {
        for (const seq of pass(subscription, topicsOf, until)) {
          assert.ok(owed(seq), `event ${seq} was not due`);
          assert.ok(seq > last, `event ${seq} came after ${last}`);
          given.add(seq);
          last = seq;
        }
      };
      for (const action of steps) {
        if (action.do === "commit") events.push(action.topics);
        else if (action.do === "pass") advance(Math.min(events.length, subscription.cursor + action.count));
        else if (action.do === "unsubscribe") {
          subscription.unsubscribe(action.topics);
          for (const name of action.topics) held.delete(name);
        } else {
          const after = action.back === null ? undefined : Math.max(0, events.length - action.back);
          const outcome = subscription.subscribe({ topics: action.topics, after }, FEED, {
            seq: events.length,
            oldest: 1,
          });
          assert.equal(outcome, "subscribed");
          for (const name of action.topics) {
            held.set(name, Math.min(held.get(name) ?? Infinity, after ?? events.length));
          }
          // A replay begins anew, below what came before.
          last = 0;
        }
      }
      advance(events.length);
      for (let seq = 1; seq <= events.length; seq++) assert.ok(!owed(seq), `event ${seq} is missing`);
    }),
    { numRuns: 1_000 },
  );
});

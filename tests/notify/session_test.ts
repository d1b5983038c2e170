import assert from "node:assert/strict";
import { LiveSyncError } from "../../src/model/errors.ts";
import type { TransientEvent } from "../../src/model/events.ts";
import { Feed } from "../../src/notify/feed.ts";
import { Session, type SidecarControl } from "../../src/notify/session.ts";
import { MemoryFeedStore } from "./support/memory_feed.ts";
import { SUMMARY } from "./support/server.ts";
import { parseWire, range, seqs, type WireMessage } from "./support/wire.ts";

/** A session whose transport has room when `room` is true. */
function connect(feed: Feed, control?: SidecarControl) {
  const messages: WireMessage[] = [];
  const state = { room: true };
  const session: Session = new Session({
    store: feed.store,
    reply: (line) => messages.push(parseWire(line)),
    wake: () => flow(),
    control,
  });
  function flow(): void {
    while (state.room) {
      const { lines, more } = session.take();
      messages.push(...lines.map(parseWire));
      if (!more) return;
    }
  }
  feed.join({ session, isClient: true, end: () => Promise.resolve() });
  return { session, messages, state, flow, send: (m: unknown) => session.receive(JSON.stringify(m)) };
}

function setUp() {
  const store = new MemoryFeedStore();
  const feed = new Feed(store);
  return { store, feed };
}

function progress(done: number): TransientEvent {
  return {
    type: "event",
    at: "2026-11-22T14:03:11.204Z",
    event: "import.progress",
    topics: ["sync"],
    data: { done, total: 100 },
  };
}

Deno.test("receive() answers subscribed, then replays, then goes on live when after is given", () => {
  const { store, feed } = setUp();
  store.commitMany(600);
  const client = connect(feed);
  client.send({ type: "subscribe", topics: ["contacts", "chat:12"], after: 100 });
  feed.committed(store.commitMany(2));
  assert.deepEqual(client.messages[0], {
    type: "subscribed",
    topics: ["contacts", "chat:12"],
    seq: 600,
    feed: store.feed,
  });
  assert.deepEqual(seqs(client.messages), range(101, 602));
});

Deno.test("receive() answers resync before subscribed when the feed is another", () => {
  const { store, feed } = setUp();
  store.commitMany(5);
  const client = connect(feed);
  client.send({ type: "subscribe", topics: ["*"], after: 2, feed: "another" });
  feed.committed(store.commitMany(1));
  assert.deepEqual(client.messages.map((message) => message.type), ["resync", "subscribed", "event"]);
  assert.deepEqual(client.messages[0], { type: "resync", oldest: 1, seq: 5, feed: store.feed });
  assert.deepEqual(seqs(client.messages), [6]);
});

const REFUSED: readonly (readonly [string, string, string])[] = [
  ["bad_json", "{", "the text is no JSON"],
  ["bad_json", "", "the text is empty"],
  ["bad_message", "[]", "the JSON is a list"],
  ["bad_message", "null", "the JSON is null"],
  ["bad_message", '{"topics":["*"]}', "there is no type"],
  ["bad_message", '{"type":7}', "the type is a number"],
  ["unknown_type", '{"type":"hello"}', "the type is unknown"],
  ["unknown_type", '{"type":"sync"}', "a WebSocket asks for sync"],
  ["unknown_type", '{"type":"shutdown"}', "a WebSocket asks for shutdown"],
  ["bad_message", '{"type":"subscribe"}', "topics are missing"],
  ["bad_message", '{"type":"subscribe","topics":"*"}', "topics are a text"],
  ["bad_message", '{"type":"subscribe","topics":[1]}', "a topic is a number"],
  ["bad_message", '{"type":"subscribe","topics":["*"],"after":-1}', "after is negative"],
  ["bad_message", '{"type":"subscribe","topics":["*"],"after":1.5}', "after is a fraction"],
  ["bad_message", '{"type":"subscribe","topics":["*"],"after":"1"}', "after is a text"],
  ["bad_message", '{"type":"subscribe","topics":["*"],"feed":1}', "feed is a number"],
  ["unknown_topic", '{"type":"subscribe","topics":["*","messages"]}', "a topic is unknown"],
  ["unknown_topic", '{"type":"subscribe","topics":["chat:0"]}', "a chat's id is zero"],
  ["unknown_topic", '{"type":"subscribe","topics":["chat:"]}', "a chat's id is missing"],
  ["unknown_topic", '{"type":"subscribe","topics":["chat:9999999999999999"]}', "a chat's id is too large"],
  ["unknown_topic", '{"type":"unsubscribe","topics":["contact:x"]}', "a contact's id is a word"],
];
for (const [code, text, why] of REFUSED) {
  Deno.test(`receive() answers ${code} and goes on when ${why}`, () => {
    const { store, feed } = setUp();
    const client = connect(feed);
    client.session.receive(text);
    assert.equal(client.messages[0]?.type, "error");
    assert.equal(client.messages[0]?.code, code);
    feed.committed(store.commitMany(1));
    assert.equal(client.messages.length, 1, "nothing was subscribed");
    client.send({ type: "ping" });
    assert.deepEqual(client.messages[1], { type: "pong" });
  });
}

Deno.test("receive() answers too_many_topics when the connection would hold more than 1,000", () => {
  const { feed } = setUp();
  const client = connect(feed);
  client.send({ type: "subscribe", topics: range(1, 1_001).map((id) => `chat:${id}`) });
  assert.equal(client.messages[0]?.code, "too_many_topics");
});

Deno.test("receive() stops the events of a topic when it is unsubscribed", () => {
  const { store, feed } = setUp();
  const client = connect(feed);
  client.send({ type: "subscribe", topics: ["contacts", "chats"] });
  feed.committed(store.commit(["contacts"], ["chats"]));
  client.send({ type: "unsubscribe", topics: ["contacts"] });
  feed.committed(store.commit(["contacts"], ["chats"]));
  assert.deepEqual(seqs(client.messages), [1, 2, 4]);
  assert.deepEqual(client.messages.find((message) => message.type === "unsubscribed"), {
    type: "unsubscribed",
    topics: ["contacts"],
    seq: 2,
  });
});

Deno.test("take() gives only the newest of each transient event when there was no room", () => {
  const { store, feed } = setUp();
  const client = connect(feed);
  client.send({ type: "subscribe", topics: ["sync"] });
  client.state.room = false;
  for (let done = 1; done <= 50; done++) feed.transient(progress(done));
  feed.committed(store.commitMany(3));
  client.state.room = true;
  client.flow();
  const events = client.messages.filter((message) => message.type === "event");
  assert.deepEqual(events.map((event) => event["data"]), [{ done: 50, total: 100 }]);
});

Deno.test("transient() sends nothing when neither sync nor * is subscribed", () => {
  const { feed } = setUp();
  const client = connect(feed);
  client.send({ type: "subscribe", topics: ["contacts"] });
  feed.transient(progress(1));
  assert.deepEqual(client.messages.map((message) => message.type), ["subscribed"]);
});

Deno.test("resyncAll() tells every connection once and skips what was due when there was no room", () => {
  const { store, feed } = setUp();
  const client = connect(feed);
  client.send({ type: "subscribe", topics: ["*"] });
  client.state.room = false;
  feed.committed(store.commitMany(10));
  feed.resyncAll();
  feed.resyncAll();
  client.state.room = true;
  client.flow();
  feed.committed(store.commitMany(1));
  assert.deepEqual(client.messages.map((message) => message.type), ["subscribed", "resync", "event"]);
  assert.deepEqual(seqs(client.messages), [11]);
});

Deno.test("take() gives resync when what was due is no longer kept", () => {
  const { store, feed } = setUp();
  const client = connect(feed);
  client.send({ type: "subscribe", topics: ["*"] });
  client.state.room = false;
  feed.committed(store.commitMany(10));
  store.trim(6);
  client.state.room = true;
  client.flow();
  feed.committed(store.commitMany(1));
  assert.deepEqual(client.messages.map((message) => message.type), ["subscribed", "resync", "event"]);
});

Deno.test("committed() reads no store when the connection is up to date and the events are at hand", () => {
  const { store, feed } = setUp();
  const client = connect(feed);
  client.send({ type: "subscribe", topics: ["*"] });
  feed.committed(store.commitMany(3));
  feed.committed(store.commitMany(1));
  assert.deepEqual(seqs(client.messages), [1, 2, 3, 4]);
  assert.equal(store.reads, 0);
});

Deno.test("committed() loses nothing when a commit is announced without its events or late", () => {
  const { store, feed } = setUp();
  const client = connect(feed);
  client.send({ type: "subscribe", topics: ["*"] });
  store.commitMany(2);
  feed.committed(store.commitMany(1));
  store.commitMany(1);
  feed.committed();
  assert.deepEqual(seqs(client.messages), [1, 2, 3, 4]);
});

Deno.test("receive() answers synced with the summary, and stopping, when the parent asks on stdin", async () => {
  const { feed } = setUp();
  const stopped = Promise.withResolvers<void>();
  const client = connect(feed, {
    sync: () => Promise.resolve(SUMMARY),
    shutdown: () => stopped.resolve(),
  });
  client.send({ type: "sync" });
  client.send({ type: "shutdown" });
  await stopped.promise;
  assert.deepEqual(client.messages, [{ type: "stopping" }, { type: "synced", ...SUMMARY }]);
});

Deno.test("receive() answers sync_failed without private words when the sync throws", async () => {
  const { feed } = setUp();
  const failures = [new LiveSyncError("x", "Cannot read it", "Allow it"), new Error("secret text")];
  const client = connect(feed, {
    sync: () => Promise.reject(failures.shift()),
    shutdown: () => {},
  });
  client.send({ type: "sync" });
  client.send({ type: "sync" });
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual(client.messages, [
    { type: "error", code: "sync_failed", message: "Cannot read it. Allow it" },
    { type: "error", code: "sync_failed", message: "Cannot sync: internal error" },
  ]);
});

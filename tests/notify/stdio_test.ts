import assert from "node:assert/strict";
import type { ReadyMessage } from "../../src/model/events.ts";
import { Feed } from "../../src/notify/feed.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { startStdio, type StdioOptions } from "../../src/notify/stdio.ts";
import { MemoryFeedStore } from "./support/memory_feed.ts";
import { SUMMARY } from "./support/server.ts";
import { parseWire, range, seqs, Watched, type WireMessage, within } from "./support/wire.ts";

const FATAL = { type: "fatal", code: "x", message: "Cannot go on", hint: "" } as const;

function readyAt(store: MemoryFeedStore): ReadyMessage {
  return {
    type: "ready",
    version: "0.1.0",
    pid: 1,
    port: 1,
    url: "http://127.0.0.1:1",
    ws: "ws://127.0.0.1:1/ws",
    token: "t",
    database: "/x",
    feed: store.feed,
    seq: store.position().seq,
  };
}

/** A parent: it reads lines when it is told to, and writes to the sidecar's stdin. */
function launch(options: Partial<StdioOptions> = {}, before = 0) {
  const store = new MemoryFeedStore();
  store.commitMany(before);
  const feed = new Feed(store);
  const watched = new Watched();
  const stdin = new TransformStream<Uint8Array, Uint8Array>();
  const stdout = new TransformStream<Uint8Array, Uint8Array>();
  const calls: string[] = [];
  const note = (call: string) => {
    calls.push(call);
    watched.changed();
  };
  const stdio = startStdio({
    readable: stdin.readable,
    writable: stdout.writable,
    ready: readyAt(store),
    feed,
    control: { sync: () => Promise.resolve(SUMMARY), shutdown: () => note("shutdown") },
    onParentGone: (which) => note(`gone: ${which}`),
    onFailure: () => note("failure"),
    ...options,
  });
  const messages: WireMessage[] = [];
  const reader = stdout.readable.getReader();
  const writer = stdin.writable.getWriter();
  const decoder = new TextDecoder();
  let rest = "";
  return {
    store,
    feed,
    stdio,
    messages,
    calls,
    watched,
    reader,
    writer,
    /** Reads until `count` messages fit. */
    async read(count: number, fits: (message: WireMessage) => boolean = () => true): Promise<void> {
      while (messages.filter(fits).length < count) {
        const { value, done } = await within(reader.read(), `${count} lines`);
        if (done) return;
        const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        messages.push(...lines.map(parseWire));
      }
    },
    write: (text: string) => writer.write(new TextEncoder().encode(text)),
  };
}

Deno.test("startStdio() writes ready first, then what came after its seq, without being asked", async () => {
  const parent = launch({}, 4);
  parent.feed.committed(parent.store.commitMany(2));
  await parent.read(3);
  assert.equal(parent.messages[0]?.type, "ready");
  assert.deepEqual(seqs(parent.messages), [5, 6]);
  await parent.stdio.close();
});

Deno.test("startStdio() answers what a WebSocket may ask, and replays what was not given yet", async () => {
  const parent = launch({}, 4);
  await parent.write('{"type":"ping"}\n{"type":"subscribe","topics":["*"],"after":1}\n');
  parent.feed.committed(parent.store.commitMany(1));
  await parent.read(7);
  assert.deepEqual(parent.messages.slice(0, 3).map((message) => message.type), [
    "ready",
    "pong",
    "subscribed",
  ]);
  assert.deepEqual(seqs(parent.messages).toSorted((a, b) => a - b), [2, 3, 4, 5]);
  await parent.stdio.close();
});

Deno.test("startStdio() runs sync and shutdown when the parent asks", async () => {
  const parent = launch();
  await parent.write('{"type":"sync"}\n{"type":"shutdown"}\n');
  await parent.read(3);
  const answers = parent.messages.slice(1).toSorted((a, b) => a.type < b.type ? -1 : 1);
  assert.deepEqual(answers, [{ type: "stopping" }, { type: "synced", ...SUMMARY }]);
  assert.deepEqual(parent.calls, ["shutdown"]);
  await parent.stdio.close();
});

Deno.test("startStdio() answers an error and reads on when a line is garbage or too long", async () => {
  const parent = launch();
  await parent.write("{nonsense\n\n");
  await parent.write(`"${"x".repeat(70_000)}"\n`);
  await parent.writer.write(new Uint8Array([0xff, 0x0a]));
  await parent.write('{"type":"ping"}\n');
  await parent.read(5);
  assert.deepEqual(parent.messages.map((message) => message.code ?? message.type), [
    "ready",
    "bad_json",
    "too_large",
    "bad_json",
    "pong",
  ]);
  await parent.stdio.close();
});

Deno.test("startStdio() says once that the parent is gone when stdin ends", async () => {
  const parent = launch();
  await parent.read(1);
  await parent.writer.close();
  await parent.watched.until(() => parent.calls.length > 0, "onParentGone");
  await parent.stdio.close();
  assert.deepEqual(parent.calls, ["gone: stdin"]);
});

Deno.test("startStdio() notices the end of stdin when stdout is not read", async () => {
  const parent = launch();
  parent.feed.committed(parent.store.commitMany(5_000));
  await parent.writer.close();
  await parent.watched.until(() => parent.calls.length > 0, "onParentGone");
  assert.deepEqual(parent.calls, ["gone: stdin"]);
  await parent.reader.cancel();
  await parent.stdio.close();
});

Deno.test("startStdio() says that the parent is gone when stdout is a broken pipe", async () => {
  const parent = launch();
  await parent.read(1);
  await parent.reader.cancel();
  parent.feed.committed(parent.store.commitMany(1));
  await parent.watched.until(() => parent.calls.length > 0, "onParentGone");
  assert.deepEqual(parent.calls, ["gone: stdout"]);
  await within(parent.stdio.close(FATAL), "close");
});

Deno.test("startStdio() keeps the rest in the store, and loses nothing, when the parent reads slowly", async () => {
  const parent = launch();
  for (let i = 0; i < 500; i++) parent.feed.committed(parent.store.commitMany(20));
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.ok(parent.store.reads <= 2, `${parent.store.reads} batches were read ahead`);
  await parent.read(10_001);
  assert.deepEqual(seqs(parent.messages), range(1, 10_000));
  assert.ok(parent.store.reads < 60, "several events to one write");
  await parent.stdio.close();
});

Deno.test("startStdio() pauses reading when too many answers wait", async () => {
  const parent = launch();
  const asked = parent.write('{"type":"ping"}\n'.repeat(2_000));
  const more = parent.write('{"type":"ping"}\n');
  await new Promise((resolve) => setTimeout(resolve, 0));
  await parent.read(2_002);
  await Promise.all([asked, more]);
  assert.equal(parent.messages.filter((message) => message.type === "pong").length, 2_001);
  await parent.stdio.close();
});

Deno.test("close() writes what is due, then fatal as the last line, when the parent reads", async () => {
  const parent = launch();
  parent.feed.committed(parent.store.commitMany(1_000));
  const closed = parent.stdio.close(FATAL);
  await parent.read(1_002);
  await within(closed, "close");
  assert.deepEqual(seqs(parent.messages), range(1, 1_000));
  assert.deepEqual(parent.messages.at(-1), FATAL);
});

Deno.test("close() gives up when the parent does not read", async () => {
  const impatient = { ...systemClock, after: (_: number, call: () => void) => systemClock.after(1, call) };
  const parent = launch({ clock: impatient });
  parent.feed.committed(parent.store.commitMany(1_000));
  await within(parent.feed.close(), "the feed to close");
  await within(parent.stdio.close(FATAL), "close");
  await parent.reader.cancel();
});

Deno.test("startStdio() reports a failure when the feed cannot be read", async () => {
  const parent = launch();
  await parent.read(1);
  parent.store.read = () => {
    throw new Error("disk");
  };
  parent.store.commitMany(1);
  parent.feed.committed();
  await parent.watched.until(() => parent.calls.length > 0, "onFailure");
  assert.deepEqual(parent.calls, ["failure"]);
  const closed = parent.stdio.close(FATAL);
  await parent.read(2);
  await closed;
  assert.deepEqual(parent.messages.at(-1), FATAL);
});

function spawnSidecar(events: number): Deno.ChildProcess {
  const script = new URL("support/sidecar_process.ts", import.meta.url);
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", script.pathname, String(events)],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

Deno.test("a sidecar process ends when its parent closes stdin and never reads stdout", async () => {
  const child = spawnSidecar(20_000);
  const reader = child.stdout.getReader();
  await within(reader.read(), "ready");
  await child.stdin.close();
  assert.equal((await within(child.status, "the end of the process")).code, 0);
  await reader.cancel();
});

Deno.test("a sidecar process loses nothing over real pipes when its parent pauses", async () => {
  const child = spawnSidecar(20_000);
  const stdin = child.stdin.getWriter();
  const encoder = new TextEncoder();
  let text = "";
  // The parent reads only between its questions, so the pipe is full most of the time.
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes('"seq":20000,')) break;
    await stdin.write(encoder.encode('{"type":"ping"}\n'));
  }
  await stdin.close();
  assert.equal((await within(child.status, "the end of the process")).code, 0);
  const messages = text.split("\n").slice(0, -1).map(parseWire);
  assert.equal(messages[0]?.type, "ready");
  assert.deepEqual(seqs(messages), range(1, seqs(messages).length));
  assert.ok(seqs(messages).length > 19_000);
  assert.ok(messages.some((message) => message.type === "pong"));
});

Deno.test("startStdio() takes no more than it can answer when the parent writes 10,000 lines and reads none", async () => {
  const parent = launch();
  const lines = '{"type":"ping"}\n'.repeat(100);
  let taken = 0;
  const flood = (async () => {
    for (let i = 0; i < 100; i++) {
      await parent.write(lines);
      taken += 100;
    }
  })();
  // Each turn of the event loop lets it take as much as it will.
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
  assert.ok(taken < 1_000, `${taken} lines were taken`);
  await parent.read(10_000, (message) => message.type === "pong");
  await flood;
  assert.equal(parent.messages.filter((message) => message.type === "pong").length, 10_000);
  await parent.stdio.close();
});

Deno.test("startStdio() keeps no more than 64 KiB of a line without end, and reads on after it", async () => {
  const parent = launch();
  const mebibyte = "x".repeat(1 << 20);
  const writing = (async () => {
    for (let i = 0; i < 50; i++) await parent.write(mebibyte);
    await parent.write('\n{"type":"ping"}\n');
  })();
  await parent.read(1, (message) => message.type === "pong");
  await writing;
  const codes = parent.messages.flatMap((message) => message.code ?? []);
  assert.deepEqual(codes, ["too_large"], "told once, and nothing of the line is read");
  await parent.stdio.close();
});

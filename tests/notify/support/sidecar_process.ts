/** Run as a process: a sidecar over a feed in memory, on the real stdin and stdout, until its parent is gone. */
import { Feed } from "../../../src/notify/feed.ts";
import { startStdio } from "../../../src/notify/stdio.ts";
import { MemoryFeedStore } from "./memory_feed.ts";

const store = new MemoryFeedStore();
const feed = new Feed(store);
const gone = Promise.withResolvers<void>();
const stdio = startStdio({
  readable: Deno.stdin.readable,
  writable: Deno.stdout.writable,
  ready: {
    type: "ready",
    version: "0.1.0",
    pid: Deno.pid,
    port: 1,
    url: "",
    ws: "",
    token: "",
    database: "",
    feed: store.feed,
    seq: 0,
  },
  feed,
  control: { sync: () => Promise.reject(new Error("not here")), shutdown: () => gone.resolve() },
  onParentGone: () => gone.resolve(),
  onFailure: () => gone.resolve(),
});
feed.committed(store.commitMany(Number(Deno.args[0] ?? 0), 200));
await gone.promise;
await feed.close();
await stdio.close();
Deno.exit(0);

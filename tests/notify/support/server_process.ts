/**
 * Run as a process: a server over a feed that is made up as it is read, so that what the process holds is what its
 * connections hold. Prints its port; `status` tells clients and memory. `server_process.ts EVENTS CHARACTERS_OF_EACH`
 */
import type { FeedPosition, FeedStore, WireEvent } from "../../../src/model/feed.ts";
import { Feed } from "../../../src/notify/feed.ts";
import { serve } from "../../../src/notify/http.ts";
import { HEALTH, NO_ACTIVITY, NO_CHATS, NO_CONTACTS, SUMMARY, TOKEN } from "./server.ts";
import { STATUS } from "../../support/status.ts";

class MadeUpFeed implements FeedStore {
  readonly feed = "00000000-0000-4000-8000-000000000001";
  readonly #filler: string;
  constructor(public seq: number, characters: number) {
    this.#filler = "x".repeat(characters);
  }
  position(): FeedPosition {
    return { seq: this.seq, oldest: 1 };
  }
  read(after: number, limit: number): WireEvent[] {
    const count = Math.max(0, Math.min(limit, this.seq - after));
    return Array.from({ length: count }, (_, i) => {
      const seq = after + 1 + i;
      const json = `{"type":"event","seq":${seq},"event":"x","topics":["contacts"],"data":"${this.#filler}"}`;
      return { seq, topics: ["contacts"], json };
    });
  }
}

const [events = "0", characters = "0"] = Deno.args;
const store = new MadeUpFeed(Number(events), Number(characters));
const feed = new Feed(store);
const server = serve({
  feed,
  assets: new Map(),
  chats: NO_CHATS,
  contacts: NO_CONTACTS,
  activity: NO_ACTIVITY,
  health: () => HEALTH,
  status: () => ({ ...STATUS, clients: feed.clients, rss_bytes: Deno.memoryUsage().rss }),
  // One event more for everybody.
  sync: () => {
    store.seq++;
    feed.committed();
    return Promise.resolve(SUMMARY);
  },
}, { port: 0, token: TOKEN, allowOrigins: [] });
// A first signal handler needs descriptors of its own: the program has its handlers from the start, too.
Deno.addSignalListener("SIGTERM", () => Deno.exit(0));
console.log(server.port);

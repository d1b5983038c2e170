/** A server on a port of its own, over a feed in memory. */
import { LiveSyncError } from "../../../src/model/errors.ts";
import type { SyncSummary } from "../../../src/model/events.ts";
import type { HealthReport } from "../../../src/model/status.ts";
import { Feed } from "../../../src/notify/feed.ts";
import { type HttpOptions, type HttpPorts, type HttpServer, serve } from "../../../src/notify/http.ts";
import { MemoryFeedStore } from "./memory_feed.ts";
import { STATUS } from "../../support/status.ts";

export const TOKEN = "test-token-0123456789";

export const SUMMARY: SyncSummary = {
  created: 1,
  updated: 2,
  deleted: 3,
  pending: 4,
  contacts: 5,
  merged: 6,
  duration_ms: 7,
};

export const HEALTH: HealthReport = { status: "ok", state: "live", version: "0.1.0" };

/** Nobody is there. */
export const NO_CONTACTS: HttpPorts["contacts"] = {
  list: () => ({ items: [], next: null }),
  merges: () => ({ items: [], next: null }),
  undo: (id) => Promise.reject(new LiveSyncError("not_found", `Merge ${id} not found`)),
  rename: (id) => Promise.reject(new LiveSyncError("not_found", `Contact ${id} not found`)),
};

export const NO_CHATS: HttpPorts["chats"] = {
  list: () => ({ items: [], next: null }),
  messages: (id) => {
    throw new LiveSyncError("not_found", `Cannot find a chat ${id}`);
  },
};

export const NO_ACTIVITY: HttpPorts["activity"] = ({ zone }) =>
  Promise.resolve({ tz: zone, items: [], next: null, sent: 0, received: 0 });

export interface TestServer extends AsyncDisposable {
  readonly store: MemoryFeedStore;
  readonly feed: Feed;
  readonly http: HttpServer;
}

export function startServer(
  ports: Partial<HttpPorts> = {},
  options: Partial<HttpOptions> = {},
): TestServer {
  const store = new MemoryFeedStore();
  const feed = new Feed(store);
  const http = serve({
    health: () => HEALTH,
    status: () => STATUS,
    sync: () => Promise.resolve(SUMMARY),
    chats: NO_CHATS,
    contacts: NO_CONTACTS,
    activity: NO_ACTIVITY,
    feed,
    assets: new Map([["/", { body: "<!doctype html>", contentType: "text/html; charset=utf-8" }]]),
    ...ports,
  }, { port: 0, token: TOKEN, allowOrigins: [], ...options });
  return {
    store,
    feed,
    http,
    async [Symbol.asyncDispose]() {
      await feed.close();
      await http.close();
    },
  };
}

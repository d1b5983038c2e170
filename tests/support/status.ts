/** What an instance says that is well and has done nothing yet; tests say what differs. */
import type { StatusReport } from "../../src/model/status.ts";

export const STATUS: StatusReport = {
  version: "0.1.0",
  state: "live",
  feed: "00000000-0000-4000-8000-000000000001",
  seq: 0,
  database: {
    path: "/x/chatstats.db",
    messages: 0,
    chats: 0,
    contacts: 0,
    attachments: 0,
    reactions: 0,
    size_bytes: 4096,
  },
  watermark: { message_rowid: 0, attachment_rowid: 0 },
  last_sync: { at: null, duration_ms: null, reason: null },
  last_contact_sync: { at: null },
  latency_ms: { p50: null, p99: null },
  sources: [],
  import: null,
  pending: 0,
  pending_old: 0,
  undecodable: 0,
  reconcile: null,
  not_in_source: 0,
  clients: 0,
  rss_bytes: 0,
};

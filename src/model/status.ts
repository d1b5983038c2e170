/** What `GET /api/v1/status` and `status --json` give. */
import type { SyncState } from "./events.ts";

export type SourceState = "ok" | "missing" | "needs_permission" | "failed";

/** The log's words for a bad state; `state.changed` tells the same with reason and hint. */
export const CANNOT_SYNC = "Cannot sync";

/** The log's words for contacts of which something is missing, with a field for each kind of it. */
export const CONTACTS_INCOMPLETE = "Contacts are not complete";
/** Its field for stores that could not be read: `sync` tells each of them by itself. */
export const STORES_UNREADABLE = "stores_unreadable";

export interface SourceStatus {
  readonly kind: "messages" | "contacts";
  readonly path: string;
  readonly state: SourceState;
  readonly hint: string;
}

export interface StatusReport {
  readonly version: string;
  readonly state: SyncState;
  readonly feed: string;
  readonly seq: number;
  readonly database: {
    readonly path: string;
    readonly messages: number;
    readonly chats: number;
    readonly contacts: number;
    readonly attachments: number;
    readonly reactions: number;
    readonly size_bytes: number;
  };
  readonly watermark: { readonly message_rowid: number; readonly attachment_rowid: number };
  /** `at` is ISO 8601. */
  readonly last_sync: {
    readonly at: string | null;
    readonly duration_ms: number | null;
    readonly reason: string | null;
  };
  /** When contacts were last looked at by the running instance; ISO 8601. */
  readonly last_contact_sync: { readonly at: string | null };
  /** Commit in the source (its file's change, as far as we can see) to event handed out; null before the first. */
  readonly latency_ms: { readonly p50: number | null; readonly p99: number | null };
  readonly sources: readonly SourceStatus[];
  readonly import: { readonly done: number; readonly total: number } | null;
  readonly pending: number;
  /** Of `pending`: those that have waited for more than a day. */
  readonly pending_old: number;
  readonly undecodable: number;
  readonly reconcile: {
    readonly at: string;
    readonly missing: number;
    readonly extra: number;
    readonly different: number;
  } | null;
  /** Messages that Messages' database does not have although nobody deleted them: it was restored from an older copy. */
  readonly not_in_source: number;
  readonly clients: number;
  readonly rss_bytes: number;
}

/** What `GET /health` gives: public, so nothing private. */
export interface HealthReport {
  readonly status: "ok" | "degraded";
  readonly state: SyncState;
  readonly version: string;
}

/** What `status` reads from our own database; the cost does not grow with the number of messages. */
import { recordOf } from "../../model/json.ts";
import { integer } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { STATE_KEYS, StateStore } from "../state.ts";
import countsSql from "./status.sql" with { type: "text" };

export interface DatabaseFacts {
  readonly messages: number;
  readonly chats: number;
  readonly contacts: number;
  readonly attachments: number;
  readonly reactions: number;
  readonly pending: number;
  /** Of `pending`: first seen more than a day ago. */
  readonly pendingOld: number;
  readonly undecodable: number;
  readonly sizeBytes: number;
  readonly messageRowid: number;
  readonly attachmentRowid: number;
  /** Milliseconds since 1970; null before the first sync that changed something. */
  readonly lastSyncAtMs: number | null;
  readonly lastSyncReason: string | null;
  /** Rows handled by an import that is not complete; null when it is, or has not begun. */
  readonly import: { readonly done: number; readonly total: number } | null;
  readonly imported: boolean;
  /** The last comparison of everything; milliseconds since 1970. Null before the first. */
  readonly reconcile: {
    readonly atMs: number;
    readonly missing: number;
    readonly extra: number;
    readonly different: number;
  } | null;
  /** Messages that Messages' database does not have, though nobody deleted them. */
  readonly notInSource: number;
}

/** From here on a row that waits is worth a word: a join mostly comes within seconds. */
const OLD_MS = 24 * 3600 * 1000;

/** `nowMs`: milliseconds since 1970. */
export function readDatabaseFacts(db: Connection, nowMs: number): DatabaseFacts {
  const counts = db.prepare(countsSql).get({ day_ago: nowMs - OLD_MS }) ?? {};
  const state = new StateStore(db);
  const lastSync = parseLastSync(state.get(STATE_KEYS.lastSync));
  const phase = state.get(STATE_KEYS.importPhase);
  const done = state.getInteger(STATE_KEYS.importDone);
  return {
    messages: integer(counts, "messages"),
    chats: integer(counts, "chats"),
    contacts: integer(counts, "contacts"),
    attachments: integer(counts, "attachments"),
    reactions: integer(counts, "reactions"),
    pending: integer(counts, "pending"),
    pendingOld: integer(counts, "pending_old"),
    undecodable: integer(counts, "undecodable"),
    sizeBytes: pragma(db, "page_count") * pragma(db, "page_size"),
    messageRowid: state.getInteger(STATE_KEYS.messageRowid),
    attachmentRowid: state.getInteger(STATE_KEYS.attachmentRowid),
    lastSyncAtMs: lastSync.atMs,
    lastSyncReason: lastSync.reason,
    import: phase === "rows" || phase === "rest"
      ? { done, total: Math.max(done, state.getInteger(STATE_KEYS.importTotal)) }
      : null,
    imported: phase === "done",
    reconcile: parseReconcile(state.get(STATE_KEYS.reconcileLast)),
    notInSource: integer(counts, "not_in_source"),
  };
}

export function countPending(db: Connection): number {
  return integer(db.prepare("SELECT count(*) AS n FROM main.pending_rows").get() ?? {}, "n");
}

function parseReconcile(json: string | null): DatabaseFacts["reconcile"] {
  if (json === null) return null;
  const value: unknown = JSON.parse(json);
  const record = recordOf(value);
  const number = (key: string) => typeof record[key] === "number" ? record[key] : 0;
  return {
    atMs: number("at_ms"),
    missing: number("missing"),
    extra: number("extra"),
    different: number("different"),
  };
}

function pragma(db: Connection, name: "page_count" | "page_size"): number {
  return integer(db.prepare(`PRAGMA main.${name}`).get() ?? {}, name);
}

function parseLastSync(
  json: string | null,
): { readonly atMs: number | null; readonly reason: string | null } {
  const value: unknown = json === null ? null : JSON.parse(json);
  const record = recordOf(value);
  return {
    atMs: typeof record["at_ms"] === "number" ? record["at_ms"] : null,
    reason: typeof record["reason"] === "string" ? record["reason"] : null,
  };
}

/** Puts together what `GET /api/v1/status` and `status --json` give; pure. */
import type { SyncState } from "../model/events.ts";
import type { FeedStore } from "../model/feed.ts";
import type { SourceStatus, StatusReport } from "../model/status.ts";
import { VERSION } from "../platform/version.ts";
import type { StoreState } from "./contacts/store_reader.ts";
import type { DatabaseFacts } from "../store/queries/status.ts";

export interface StatusParts {
  readonly paths: StatusPaths;
  readonly facts: DatabaseFacts;
  readonly feed: FeedStore;
  readonly state: SyncState;
  /** What to do about a state that is no good one. */
  readonly hint: string;
  /** Whether Messages' database can be read, whatever the state is. */
  readonly sourceIsWell: boolean;
  readonly lastDurationMs: number | null;
  readonly latency: StatusReport["latency_ms"];
  /** What was found of the AddressBook's folder and its stores. */
  readonly stores: readonly StoreState[];
  /** When contacts were last looked at; milliseconds since 1970. */
  readonly contactsAtMs: number | null;
  readonly clients: number;
  readonly rssBytes: number;
}

export interface StatusPaths {
  readonly database: string;
  readonly messagesDb: string;
  readonly addressbookDir: string;
}

export function statusReport(parts: StatusParts): StatusReport {
  const { facts, feed } = parts;
  return {
    version: VERSION,
    state: parts.state,
    feed: feed.feed,
    seq: feed.position().seq,
    database: {
      path: parts.paths.database,
      messages: facts.messages,
      chats: facts.chats,
      contacts: facts.contacts,
      attachments: facts.attachments,
      reactions: facts.reactions,
      size_bytes: facts.sizeBytes,
    },
    watermark: { message_rowid: facts.messageRowid, attachment_rowid: facts.attachmentRowid },
    last_sync: {
      at: facts.lastSyncAtMs === null ? null : new Date(facts.lastSyncAtMs).toISOString(),
      duration_ms: parts.lastDurationMs,
      reason: facts.lastSyncReason,
    },
    last_contact_sync: {
      at: parts.contactsAtMs === null ? null : new Date(parts.contactsAtMs).toISOString(),
    },
    latency_ms: parts.latency,
    sources: sources(parts),
    import: facts.import,
    pending: facts.pending,
    pending_old: facts.pendingOld,
    undecodable: facts.undecodable,
    reconcile: facts.reconcile === null ? null : {
      at: new Date(facts.reconcile.atMs).toISOString(),
      missing: facts.reconcile.missing,
      extra: facts.reconcile.extra,
      different: facts.reconcile.different,
    },
    not_in_source: facts.notInSource,
    clients: parts.clients,
    rss_bytes: parts.rssBytes,
  };
}

function sources({ paths, state, hint, sourceIsWell, stores }: StatusParts): readonly SourceStatus[] {
  const messages = sourceIsWell
    ? "ok"
    : state === "source_missing"
    ? "missing"
    : state === "needs_permission" || state === "failed"
    ? state
    : "ok";
  return [
    { kind: "messages", path: paths.messagesDb, state: messages, hint: sourceIsWell ? "" : hint },
    ...contactSources(paths.addressbookDir, stores),
  ];
}

/** The folder, and each store in it that can't be read. */
function contactSources(folder: string, stores: StatusParts["stores"]): SourceStatus[] {
  const broken = stores.filter((store) => store.state !== "ok").map((
    { path, state, hint },
  ): SourceStatus => ({
    kind: "contacts",
    path,
    state,
    hint,
  }));
  return broken.some(({ path }) => path === folder)
    ? broken
    : [{ kind: "contacts", path: folder, state: "ok", hint: "" }, ...broken];
}

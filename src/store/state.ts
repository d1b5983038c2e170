/** `live_sync_state`: watermarks and identity, kept in the same transaction as the rows that they speak of. */
import { text } from "../platform/row.ts";
import type { Connection } from "../platform/sqlite.ts";
import stateAll from "./sql/state_all.sql" with { type: "text" };
import stateSet from "./sql/state_set.sql" with { type: "text" };
import stateSetMany from "./sql/state_set_many.sql" with { type: "text" };

/** Every key that the program writes, with what it holds. */
export const STATE_KEYS = {
  /** UUID of this database. */
  feed: "feed",
  /** Highest ROWID of `message`, `attachment` and `handle` that was handled (or noted in pending_rows). */
  messageRowid: "watermark.message_rowid",
  attachmentRowid: "watermark.attachment_rowid",
  handleRowid: "watermark.handle_rowid",
  chatRowid: "watermark.chat_rowid",
  /** GUID of the message at the watermark: another one there means that the file was replaced. */
  messageGuid: "watermark.message_guid",
  /** Inode, device and birth time of the chat.db that the watermarks belong to (JSON). */
  sourceIdentity: "source.identity",
  /** 'rows', 'rest', 'done': how far the first import is. */
  importPhase: "import.phase",
  importTotal: "import.total",
  importDone: "import.done",
  /** '1' from the first import's begin until clients were told that it ended. */
  importUntold: "import.untold",
  /** JSON: the indexes that the import took away and will build again. */
  deferredIndexes: "import.deferred_indexes",
  /** Two-letter region that numbers without a country code were read with. */
  region: "region",
  lastSync: "last_sync",
  /** 'done' once the first contact sync is complete; nothing of contacts is told before. */
  contactsFirst: "contacts.first",
  /** '1' while mirrored cards have changed and contacts may not follow them yet. */
  contactsDirty: "contacts.dirty",
  /** Highest id of `contact_identifiers` that was matched with the cards. */
  contactsIdentifier: "contacts.identifier_id",
  /** When all stores were last read whatever their tokens said; milliseconds since 1970. */
  contactsFullRead: "contacts.full_read_at",
  /** JSON: how far the walk that puts conversations together is, and with which gap. */
  conversations: "conversations.walk",
  /** '1' while a catch-up too big to tell row by row is under way, across restarts. */
  bulk: "catch_up.bulk",
  /** '1' while the whole source is read again because the file was replaced, across restarts. */
  rewalk: "catch_up.rewalk",
  /** Where the reading of the source's WAL goes on, as its reader wrote it. */
  walPlace: "wal.place",
  /** JSON: the walk that compares everything, while one is under way. */
  reconcileWalk: "reconcile.walk",
  /** JSON: what the last walk found, and when it ended. */
  reconcileLast: "reconcile.last",
  /** '1' after the file was replaced, until no row of ours names a row of the old one. */
  forgetting: "catch_up.forgetting",
  /** Positions below it can't be replayed, since a big catch-up told nothing row by row. */
  feedFloor: "feed.floor",
} as const;
export type StateKey = typeof STATE_KEYS[keyof typeof STATE_KEYS];

/** What every key held when it was read, and what was set since. */
interface Held {
  readonly values: Map<string, string | null>;
  readonly changed: Set<StateKey>;
}

export class StateStore {
  readonly #db: Connection;
  /** Set while {@link held} is at work. */
  #held: Held | null = null;
  constructor(db: Connection) {
    this.#db = db;
  }
  /**
   * `work`, inside a transaction, with all keys read at once and what it sets written at its end: two statements, however
   * many keys it asks for. What it sets is lost when it throws, as the transaction is. Another StateStore must not set
   * meanwhile what it asks for.
   */
  held<T>(work: () => T): T {
    this.#held = { values: this.#readAll(), changed: new Set() };
    try {
      const result = work();
      this.#writeChanged(this.#held);
      return result;
    } finally {
      this.#held = null;
    }
  }
  get(key: StateKey): string | null {
    if (this.#held !== null) return this.#held.values.get(key) ?? null;
    const row = this.#db.prepare("SELECT value FROM main.live_sync_state WHERE key = :key").get({ key });
    return typeof row?.["value"] === "string" ? row["value"] : null;
  }
  getInteger(key: StateKey): number {
    return Number(this.get(key) ?? 0);
  }
  /** `null` takes the key away. */
  set(key: StateKey, value: string | number | null): void {
    if (this.#held !== null) {
      this.#held.values.set(key, value === null ? null : String(value));
      this.#held.changed.add(key);
      return;
    }
    if (value === null) {
      this.#db.prepare(STATE_DELETE).run({ key });
      return;
    }
    this.#db.prepare(stateSet).run({ key, value: String(value) });
  }
  #readAll(): Map<string, string> {
    const row = this.#db.prepare(stateAll).get();
    return new Map(Object.entries(textValues(row === undefined ? "{}" : text(row, "json"))));
  }
  #writeChanged({ values, changed }: Held): void {
    const written: Record<string, string> = {};
    for (const key of changed) {
      const value = values.get(key) ?? null;
      if (value === null) this.#db.prepare(STATE_DELETE).run({ key });
      else written[key] = value;
    }
    if (Object.keys(written).length > 0) {
      this.#db.prepare(stateSetMany).run({ values: JSON.stringify(written) });
    }
  }
}

const STATE_DELETE = "DELETE FROM main.live_sync_state WHERE key = :key";

/** The members of a JSON object that hold text, which all of this table's do. */
function textValues(json: string): Record<string, string> {
  const value: unknown = JSON.parse(json);
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

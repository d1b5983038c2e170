/** `live_sync_state`: watermarks and identity, kept in the same transaction as the rows that they speak of. */
import { recordOf } from "../model/json.ts";
import { text } from "../sqlite/row.ts";
import type { Connection } from "../sqlite/sqlite.ts";
import { statementsOf } from "../sqlite/statements.ts";
import stateSql from "./sql/state.sql" with { type: "text" };

const SQL = statementsOf(stateSql, [
  "readAll",
  "setOne",
  "setMany",
]);

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
  /** A file of Messages' that was let go because its WAL was deleted, as JSON. */
  sourceDeafened: "source.deafened",
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
  /** As JSON gave it. */
  readonly stored: Readonly<Record<string, unknown>>;
  readonly set: Map<StateKey, string | null>;
  /** Whether what is set is written at the end of the transaction at hand, and not at once. */
  readonly writesLater: boolean;
}

export class StateStore {
  readonly #db: Connection;
  /** Set while {@link reading} or {@link held} is at work. */
  #held: Held | null = null;
  constructor(db: Connection) {
    this.#db = db;
  }
  /**
   * `work` with all keys read at once. Nobody else may set a key meanwhile that it asks for; a transaction that it opens
   * and that sets keys must not be rolled back without ending `work`, but for {@link held}.
   */
  reading<T>(work: () => T): T {
    return this.#during({ stored: this.#readAll(), set: new Map(), writesLater: false }, work);
  }
  /**
   * The same inside a transaction, and what `work` sets is written at its end, in one statement. It is lost when `work`
   * throws, as the transaction is.
   */
  held<T>(work: () => T): T {
    const known: ReadonlyMap<StateKey, string | null> = this.#held?.set ?? new Map();
    const held: Held = {
      stored: this.#held?.stored ?? this.#readAll(),
      set: new Map(known),
      writesLater: true,
    };
    return this.#during(held, () => {
      const result = work();
      this.#write([...held.set].filter(([key, value]) => known.get(key) !== value));
      return result;
    });
  }
  #during<T>(held: Held, work: () => T): T {
    const before = this.#held;
    this.#held = held;
    try {
      const result = work();
      // Only what was written is known outside.
      if (held.writesLater) { for (const [key, value] of held.set) before?.set.set(key, value); }
      return result;
    } finally {
      this.#held = before;
    }
  }
  get(key: StateKey): string | null {
    if (this.#held !== null) {
      const value = this.#held.set.has(key) ? this.#held.set.get(key) : this.#held.stored[key];
      return typeof value === "string" ? value : null;
    }
    const row = this.#db.prepare("SELECT value FROM main.live_sync_state WHERE key = :key").get({ key });
    return typeof row?.["value"] === "string" ? row["value"] : null;
  }
  getInteger(key: StateKey): number {
    return Number(this.get(key) ?? 0);
  }
  /** `null` takes the key away. */
  set(key: StateKey, value: string | number | null): void {
    this.#held?.set.set(key, value === null ? null : String(value));
    if (this.#held?.writesLater === true) return;
    if (value === null) {
      this.#db.prepare(STATE_DELETE).run({ key });
      return;
    }
    this.#db.prepare(SQL.setOne).run({ key, value: String(value) });
  }
  #readAll(): Readonly<Record<string, unknown>> {
    const row = this.#db.prepare(SQL.readAll).get();
    const value: unknown = JSON.parse(row === undefined ? "{}" : text(row, "json"));
    return recordOf(value);
  }
  #write(changed: readonly (readonly [StateKey, string | null])[]): void {
    const values: Record<string, string> = {};
    for (const [key, value] of changed) {
      if (value === null) this.#db.prepare(STATE_DELETE).run({ key });
      else values[key] = value;
    }
    if (Object.keys(values).length > 0) {
      this.#db.prepare(SQL.setMany).run({ values: JSON.stringify(values) });
    }
  }
}

const STATE_DELETE = "DELETE FROM main.live_sync_state WHERE key = :key";

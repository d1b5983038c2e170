/**
 * When contacts are synced: at the start, every so often, when somebody unknown writes, and when asked.
 *
 *   waiting ── begin, interval, unknown sender, new identifiers, end of the import ──▶ syncing ──▶ waiting
 *
 * What fails is tried again: locks of our own database soon, everything else at the next turn of the interval.
 */
import { FatalError, LiveSyncError } from "../../model/errors.ts";
import type { Cancel, Clock } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import { integer } from "../../sqlite/row.ts";
import { type Connection, SqliteError } from "../../sqlite/sqlite.ts";
import type { Outbox } from "../../store/outbox.ts";
import { STATE_KEYS, type StateStore } from "../../store/state.ts";
import type { EventSink } from "../event_sink.ts";
import type { IndexJob } from "../import/index_job.ts";
import type { OwnFileGuard } from "../own_file_guard.ts";
import { nextPauseMs } from "../pacing.ts";
import type { ChangeLog } from "../pass/change_log.ts";
import { ContactsReport } from "./contacts_report.ts";
import { type ContactsOutcome, ContactsSync } from "./contacts_sync.ts";
import { ContactsWriter } from "./contacts_writer.ts";
import { Cooldown } from "./cooldown.ts";
import strangersSql from "./sql/strangers.sql" with { type: "text" };
import type { StoreState } from "./store_reader.ts";
import { Turns } from "./turns.ts";

export interface ContactsOptions {
  readonly addressbookDir: string;
  /** Two-letter region for numbers without a country code; null: what the messages' sync found. */
  readonly region: string | null;
  readonly contactsIntervalMs: number;
  /** Least time between two look-ups of one unknown identifier. */
  readonly syncCooldownMs: number;
  /** What to do when the system does not let us read the AddressBook. */
  readonly permissionHint: string;
}

export interface ContactsParts {
  readonly db: Connection;
  readonly outbox: Outbox;
  readonly state: StateStore;
  readonly changeLog: ChangeLog;
  /** Waits for the next trigger; null when the program stops. */
  readonly trigger: {
    readonly next: (signal: AbortSignal) => Promise<string | null>;
    readonly pull: (reason: string) => void;
  };
  readonly sink: EventSink;
  readonly ownFile: Pick<OwnFileGuard, "check">;
  /** Writes alone while it works. */
  readonly indexJob: Pick<IndexJob, "underWay">;
  readonly clock: Clock;
  readonly log: Log;
  readonly probe: (label: string) => void;
}

/** So often every store is read whatever its token says: no token is trusted for ever. */
const FULL_READ_MS = 24 * 3_600_000;

export class ContactsLoop {
  readonly #options: ContactsOptions;
  readonly #parts: ContactsParts;
  readonly #sync: ContactsSync;
  readonly #report: ContactsReport;
  readonly #cooldown: Cooldown;
  readonly #stopping = new AbortController();
  #begun = false;
  #asksDuringImport = true;
  /** Contacts had their chance: they were named, or there was nobody to name, twice (the first may have come before
   * the messages' first step). */
  #namedOnce = false;
  #syncs = 0;
  /** Whether contacts changed, untold, since clients were told to read again at the end of the messages' import. */
  #changedUntold: boolean;
  #stores: readonly StoreState[] = [];
  #lastAtMs: number | null = null;
  #cancel: Cancel = () => {};
  /** The last pause after a lock; null: there was none. */
  #retryMs: number | null = null;
  #saidFailure = "";

  /** The connection must have no source attached yet. */
  constructor(options: ContactsOptions, parts: ContactsParts) {
    this.#options = options;
    this.#parts = parts;
    // What an earlier process changed after the import, nobody knows any more.
    this.#changedUntold = this.#messagesImported();
    this.#sync = this.#makeSync();
    this.#report = new ContactsReport(parts.log);
    this.#cooldown = new Cooldown(options.syncCooldownMs);
  }

  #makeSync(): ContactsSync {
    const { db, state, indexJob, clock, outbox, changeLog, ownFile, probe, sink } = this.#parts;
    const { addressbookDir, permissionHint, region } = this.#options;
    const now = () => clock.now();
    const turns = new Turns(clock, () => indexJob.underWay, () => this.isInHurry, this.#stopping.signal);
    return new ContactsSync({
      db,
      state,
      writer: new ContactsWriter({ db, outbox, changeLog, now, probe }),
      folder: addressbookDir,
      permissionHint,
      region: () => region ?? state.get(STATE_KEYS.region),
      turn: () => turns.next(),
      mayMerge: () => state.get(STATE_KEYS.importPhase) !== "rows" && indexJob.underWay === null,
      messagesImported: () => this.#messagesImported(),
      committed: (events) => {
        ownFile.check();
        if (events.length > 0) sink.committed(events);
      },
      now,
      probe,
    });
  }

  #messagesImported(): boolean {
    return this.#parts.state.get(STATE_KEYS.importPhase) === "done";
  }

  /** The first import runs, and nobody in it has a name yet: that is what the person who watches waits for. */
  get isInHurry(): boolean {
    return this.#begun && !this.#namedOnce && !this.#messagesImported();
  }

  /** What each store was found to be at the last sync. */
  get stores(): readonly StoreState[] {
    return this.#stores;
  }
  /** Milliseconds since 1970; null before the first sync. */
  get lastAtMs(): number | null {
    return this.#lastAtMs;
  }

  /** Runs until `signal` aborts. Throws only what nobody foresaw, and FatalError. */
  async run(signal: AbortSignal): Promise<void> {
    while (true) {
      const reason = await this.#parts.trigger.next(signal);
      if (reason === null) break;
      await this.#turn(reason);
    }
    this.#cancel();
  }

  /** Ends what is under way at its next turn. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Messages have been read once, or can't be: the first sync may begin. Later calls do nothing. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#parts.trigger.pull("start");
  }

  /** After each pass that told something, and at the end of what is told as a resync: somebody new, or somebody without a name, may have written. */
  afterPass(): void {
    if (!this.#begun) return;
    if (this.#sync.hasNewIdentifiers()) this.#parts.trigger.pull("new_identifiers");
    else {
      const rows = this.#parts.db.prepare(strangersSql).all();
      this.#meetStrangers(rows.map((row) => integer(row, "id")));
    }
  }

  /** The first import goes on: all handles came with its first step, so their names need not wait for its end. */
  duringImport(): void {
    if (!this.#asksDuringImport || !this.#sync.hasNewIdentifiers()) return;
    this.#asksDuringImport = false;
    this.#parts.trigger.pull("new_identifiers");
  }

  /** The messages' first import is complete: what had to wait for it can be done. */
  messagesImported(): void {
    this.#changedUntold = false;
    this.#parts.trigger.pull("import");
  }

  /** Throws LiveSyncError `not_found`, `already_undone`. */
  undo(mergeId: number): Promise<void> {
    return this.#sync.undo(mergeId);
  }

  /** Gives the contact's id. Throws LiveSyncError `not_found`. */
  rename(contactId: number, name: string): Promise<number> {
    return this.#sync.rename(contactId, name);
  }

  /** Syncs now; throws what {@link ContactsSync.sync} throws. */
  async syncNow(reason: string): Promise<ContactsOutcome> {
    const { clock, state } = this.#parts;
    const startedAt = clock.monotonic();
    // A clock that was set back must not put it off for years.
    const full = Math.abs(clock.now() - state.getInteger(STATE_KEYS.contactsFullRead)) >= FULL_READ_MS;
    const outcome = await this.#sync.sync(full);
    // A store that can't be read is tried each time anyway; the others need not be read for it.
    if (full) state.set(STATE_KEYS.contactsFullRead, clock.now());
    this.#stores = outcome.stores;
    this.#lastAtMs = clock.now();
    const tookMs = clock.monotonic() - startedAt;
    this.#report.synced(outcome, tookMs);
    if (!outcome.idle) this.#changed(outcome, reason, tookMs);
    return outcome;
  }

  /** A message came from identifiers (our ids) whose contact has no name. */
  #meetStrangers(identifierIds: readonly number[]): void {
    if (identifierIds.length === 0) return;
    const { clock, trigger } = this.#parts;
    if (this.#cooldown.ask(identifierIds, clock.monotonic())) trigger.pull("unknown_sender");
  }

  async #turn(reason: string): Promise<void> {
    const { clock, trigger } = this.#parts;
    let waitMs = this.#options.contactsIntervalMs;
    try {
      await this.syncNow(reason);
      this.#retryMs = null;
      this.#saidFailure = "";
    } catch (error) {
      if (!(error instanceof LiveSyncError) || error instanceof FatalError) throw error;
      if (error.code === "stopping") return;
      waitMs = this.#failed(error);
    }
    this.#cancel();
    this.#cancel = clock.after(waitMs, () => trigger.pull("interval"));
  }

  /** Gives how long to wait before the next turn, in milliseconds. */
  #failed(error: LiveSyncError): number {
    const { contactsIntervalMs } = this.#options;
    if (error instanceof SqliteError && error.isBusy) {
      this.#retryMs = nextPauseMs(this.#retryMs);
      return Math.min(this.#retryMs, contactsIntervalMs);
    }
    if (this.#saidFailure !== error.code) {
      this.#saidFailure = error.code;
      this.#parts.log.error("Cannot sync contacts", { code: error.code, reason: error.message });
    }
    return contactsIntervalMs;
  }

  #changed(outcome: ContactsOutcome, reason: string, durationMs: number): void {
    const { renamed, merged, split, shared, stores, firstDone } = outcome;
    const changed = renamed + merged + split;
    this.#syncs++;
    const hasStores = stores.some((store) => store.state === "ok");
    if (renamed > 0 || !hasStores || this.#syncs >= 2) this.#namedOnce = true;
    if (changed + shared > 0) this.#changedUntold = true;
    // The resync at the end of the import has told of everything before it.
    if (firstDone && this.#changedUntold) this.#parts.sink.resync();
    if (changed === 0) return;
    this.#parts.sink.tell({
      event: "sync.completed",
      data: {
        created: 0,
        updated: 0,
        deleted: 0,
        reactions: 0,
        attachments: 0,
        contacts: renamed,
        merged,
        pending: 0,
        duration_ms: Math.round(durationMs),
        reason: `contacts_${reason}`,
      },
    });
  }
}

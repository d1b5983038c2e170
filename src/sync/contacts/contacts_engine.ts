/** Everything that brings contacts in line with the AddressBook, put together around the engine's one connection. */
import type { Transient } from "../../model/events.ts";
import type { WireEvent } from "../../model/feed.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import { integer } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import type { Outbox } from "../../store/outbox.ts";
import { STATE_KEYS, type StateStore } from "../../store/state.ts";
import type { ChangeLog } from "../pass/change_log.ts";
import { ContactsRunner } from "./contacts_runner.ts";
import { type ContactsOutcome, ContactsSync } from "./contacts_sync.ts";
import { ContactsWriter } from "./contacts_writer.ts";
import strangersSql from "./sql/strangers.sql" with { type: "text" };
import { Turns } from "./turns.ts";

export interface ContactsEngineOptions {
  readonly addressbookDir: string;
  /** Two-letter region for numbers without a country code; null: what the messages' sync found. */
  readonly region: string | null;
  readonly intervalMs: number;
  readonly cooldownMs: number;
  /** What to do when the system does not let us read the AddressBook. */
  readonly permissionHint: string;
}

export interface ContactsEnginePorts {
  readonly db: Connection;
  readonly outbox: Outbox;
  readonly state: StateStore;
  readonly changeLog: ChangeLog;
  readonly next: (signal: AbortSignal) => Promise<string | null>;
  readonly pull: (reason: string) => void;
  readonly committed: (events: readonly WireEvent[]) => void;
  readonly resync: () => void;
  readonly tell: (told: Transient) => void;
  /** What writes alone now; null: nothing. */
  readonly alone: () => Promise<void> | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly probe: (label: string) => void;
}

export class ContactsEngine {
  readonly runner: ContactsRunner;
  readonly #ports: ContactsEnginePorts;
  readonly #sync: ContactsSync;
  readonly #stopping = new AbortController();
  #begun = false;
  #asksDuringImport = true;
  /** Contacts had their chance: they were named, or there was nobody to name, twice (the first may have come before
   * the messages' first step). */
  #namedOnce = false;
  #syncs = 0;
  /** Whether contacts changed, untold, since clients were told to read again at the end of the messages' import. */
  #changedUntold: boolean;

  /** The connection must have no source attached yet. */
  constructor(options: ContactsEngineOptions, ports: ContactsEnginePorts) {
    this.#ports = ports;
    const { db, state, clock } = ports;
    const now = () => clock.now();
    const turns = new Turns(clock, ports.alone, () => this.isInHurry, this.#stopping.signal);
    const phase = () => state.get(STATE_KEYS.importPhase);
    // What an earlier process changed after the import, nobody knows any more.
    this.#changedUntold = phase() === "done";
    this.#sync = new ContactsSync({
      db,
      state,
      writer: new ContactsWriter({
        db,
        outbox: ports.outbox,
        changeLog: ports.changeLog,
        now,
        probe: ports.probe,
      }),
      folder: options.addressbookDir,
      permissionHint: options.permissionHint,
      region: () => options.region ?? state.get(STATE_KEYS.region),
      turn: () => turns.next(),
      mayMerge: () => phase() !== "rows" && ports.alone() === null,
      messagesImported: () => phase() === "done",
      committed: ports.committed,
      now,
      probe: ports.probe,
    });
    this.runner = new ContactsRunner({
      contacts: this.#sync,
      state,
      next: ports.next,
      pull: ports.pull,
      done: (outcome, reason, durationMs) => this.#done(outcome, reason, durationMs),
      clock,
      log: ports.log,
      intervalMs: options.intervalMs,
      cooldownMs: options.cooldownMs,
    });
  }

  /** The first import runs, and nobody in it has a name yet: that is what the person who watches waits for. */
  get isInHurry(): boolean {
    return this.#begun && !this.#namedOnce && this.#ports.state.get(STATE_KEYS.importPhase) !== "done";
  }

  /** Messages have been looked at once, or can't be: the first sync may begin. Later calls do nothing. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#ports.pull("start");
  }

  /** After each pass that told something, and at the end of what is told as a resync: somebody new, or somebody without a name, may have written. */
  afterPass(): void {
    if (!this.#begun) return;
    if (this.#sync.hasNewIdentifiers()) this.#ports.pull("new_identifiers");
    else {
      const rows = this.#ports.db.prepare(strangersSql).all();
      this.runner.meetStrangers(rows.map((row) => integer(row, "id")));
    }
  }

  /** The first import goes on: all handles came with its first step, so their names need not wait for its end. */
  duringImport(): void {
    if (!this.#asksDuringImport || !this.#sync.hasNewIdentifiers()) return;
    this.#asksDuringImport = false;
    this.#ports.pull("new_identifiers");
  }

  /** The messages' first import is complete: what had to wait for it can be done. */
  messagesImported(): void {
    this.#changedUntold = false;
    this.#ports.pull("import");
  }

  syncNow(reason: string): Promise<ContactsOutcome> {
    return this.runner.syncNow(reason);
  }

  /** Throws LiveSyncError `not_found`, `already_undone`. */
  undo(mergeId: number): Promise<void> {
    return this.#sync.undo(mergeId);
  }

  /** Gives the contact's id. Throws LiveSyncError `not_found`. */
  rename(contactId: number, name: string): Promise<number> {
    return this.#sync.rename(contactId, name);
  }

  /** Ends what is under way at its next turn. */
  stop(): void {
    this.#stopping.abort();
  }

  #done(outcome: ContactsOutcome, reason: string, durationMs: number): void {
    const { renamed, merged, split, shared, stores, firstDone } = outcome;
    const changed = renamed + merged + split;
    this.#syncs++;
    const hasStores = stores.some((store) => store.state === "ok");
    if (renamed > 0 || !hasStores || this.#syncs >= 2) this.#namedOnce = true;
    if (changed + shared > 0) this.#changedUntold = true;
    // The resync at the end of the import has told of everything before it.
    if (firstDone && this.#changedUntold) this.#ports.resync();
    if (changed === 0) return;
    this.#ports.tell({
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

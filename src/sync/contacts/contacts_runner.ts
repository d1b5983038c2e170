/**
 * When contacts are synced: at the start, every so often, when somebody unknown writes, and when asked.
 *
 *   waiting ── begin, interval, unknown sender, new identifiers ──▶ syncing ──▶ waiting
 *
 * What fails is tried again: locks of our own database soon, everything else at the next turn of the interval.
 */
import { CONTACTS_INCOMPLETE, STORES_UNREADABLE } from "../../model/status.ts";
import { FatalError, LiveSyncError } from "../../model/errors.ts";
import type { Cancel, Clock } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import { SqliteError } from "../../sqlite/sqlite.ts";
import { STATE_KEYS, type StateStore } from "../../store/state.ts";
import type { ContactsOutcome, ContactsSync } from "./contacts_sync.ts";
import { Cooldown } from "./cooldown.ts";
import type { StoreState } from "./store_reader.ts";

export interface ContactsRunnerPorts {
  readonly contacts: ContactsSync;
  readonly state: StateStore;
  /** Waits for the next trigger; null when the program stops. */
  readonly next: (signal: AbortSignal) => Promise<string | null>;
  readonly pull: (reason: string) => void;
  /** Something changed, and is committed. */
  readonly done: (outcome: ContactsOutcome, reason: string, durationMs: number) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly intervalMs: number;
  /** Least time between two look-ups of one unknown identifier. */
  readonly cooldownMs: number;
}

/** So often every store is read whatever its token says: no token is trusted for ever. */
const FULL_READ_MS = 24 * 3_600_000;
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 5_000;

export class ContactsRunner {
  readonly #ports: ContactsRunnerPorts;
  readonly #cooldown: Cooldown;
  #stores: readonly StoreState[] = [];
  #lastAtMs: number | null = null;
  #cancel: Cancel = () => {};
  #retryMs = FIRST_RETRY_MS;
  /** What was logged last, so that each state is said once. */
  #said = "";
  #saidFailure = "";
  #saidBroken = 0;

  constructor(ports: ContactsRunnerPorts) {
    this.#ports = ports;
    this.#cooldown = new Cooldown(ports.cooldownMs);
  }

  /** What each store was found to be at the last sync. */
  get stores(): readonly StoreState[] {
    return this.#stores;
  }
  /** Milliseconds since 1970; null before the first sync. */
  get lastAtMs(): number | null {
    return this.#lastAtMs;
  }

  /** Runs until `signal` aborts. Throws only what nobody foresaw. */
  async run(signal: AbortSignal): Promise<void> {
    while (true) {
      const reason = await this.#ports.next(signal);
      if (reason === null) break;
      await this.#turn(reason);
    }
    this.#cancel();
  }

  /** A message came from identifiers (our ids) whose contact has no name. */
  meetStrangers(identifierIds: readonly number[]): void {
    if (identifierIds.length === 0) return;
    if (this.#cooldown.ask(identifierIds, this.#ports.clock.monotonic())) this.#ports.pull("unknown_sender");
  }

  /** Syncs now; throws what {@link ContactsSync.sync} throws. */
  async syncNow(reason: string): Promise<ContactsOutcome> {
    const { clock, contacts, state } = this.#ports;
    const startedAt = clock.monotonic();
    // A clock that was set back must not put it off for years.
    const full = Math.abs(clock.now() - state.getInteger(STATE_KEYS.contactsFullRead)) >= FULL_READ_MS;
    const outcome = await contacts.sync(full);
    // A store that can't be read is tried each time anyway; the others need not be read for it.
    if (full) state.set(STATE_KEYS.contactsFullRead, clock.now());
    this.#stores = outcome.stores;
    this.#lastAtMs = clock.now();
    this.#say(outcome, clock.monotonic() - startedAt);
    if (!outcome.idle) this.#ports.done(outcome, reason, clock.monotonic() - startedAt);
    return outcome;
  }

  async #turn(reason: string): Promise<void> {
    const { clock, log, pull, intervalMs } = this.#ports;
    let waitMs = intervalMs;
    try {
      await this.syncNow(reason);
      this.#retryMs = FIRST_RETRY_MS;
      this.#saidFailure = "";
    } catch (error) {
      if (!(error instanceof LiveSyncError) || error instanceof FatalError) throw error;
      if (error.code === "stopping") return;
      if (error instanceof SqliteError && error.isBusy) {
        waitMs = Math.min(this.#retryMs, intervalMs);
        this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
      } else if (this.#saidFailure !== error.code) {
        this.#saidFailure = error.code;
        log.error("Cannot sync contacts", { code: error.code, reason: error.message });
      }
    }
    this.#cancel();
    this.#cancel = clock.after(waitMs, () => pull("interval"));
  }

  /** What is not as it should be, once; a sync that read nothing tells of unreadable stores alone. */
  #warn({ counts, idle, oddValues }: ContactsOutcome, broken: number): void {
    const { ambiguous, unmatched, unusableCards } = counts;
    const odd = idle ? {} : {
      odd_values: oddValues,
      cards_without_identifier: unusableCards,
      identifiers_unknown: unmatched,
      ambiguous,
    };
    const found = Object.entries({ [STORES_UNREADABLE]: broken, ...odd }).filter(([, count]) => count > 0);
    const said = JSON.stringify(found);
    if (idle && (broken === 0 || broken === this.#saidBroken)) return;
    this.#saidBroken = broken;
    if (said === this.#said) return;
    this.#said = said;
    if (found.length > 0) this.#ports.log.warning(CONTACTS_INCOMPLETE, Object.fromEntries(found));
  }

  /** Counts alone: names and numbers are nobody's business. */
  #say(outcome: ContactsOutcome, durationMs: number): void {
    const { log } = this.#ports;
    const broken = outcome.stores.filter((store) =>
      store.state === "failed" || store.state === "needs_permission"
    );
    if (outcome.idle && broken.length === 0) log.debug("Contacts have not changed");
    this.#warn(outcome, broken.length);
    if (outcome.idle) return;
    log.info("Contacts synced", {
      cards_changed: outcome.cardsChanged,
      renamed: outcome.renamed,
      merged: outcome.merged,
      split: outcome.split,
      duration_ms: Math.round(durationMs),
    });
  }
}

/**
 * What commits may have changed and no pass has looked at yet, as the source's WAL tells.
 *
 *   nothing ── read() ──▶ in hand ── passes that committed take slice after slice ──▶ nothing
 *      └── a gap in the WAL ──▶ the next pass is thorough, and a walk that compares everything begins ──▶ nothing
 *
 * In memory alone: what is stored, with the rows, is the place in the WAL up to which all was looked at, so a start after
 * a kill reads the rest again.
 */
import type { Connection } from "../../sqlite/sqlite.ts";
import { STATE_KEYS, type StateStore } from "../../store/state.ts";
import { ChangedQueue, type ChangedSlice, type ChangeReader, type ChangeReading } from "./changed_rows.ts";
import type { PassOutcome } from "./pass_plan.ts";
import { isTableAmong } from "./bookkeeping.ts";

/** So many row ids that commits may have changed are looked at in one pass. */
const SLICE_ROWS = 2_000;

export class PendingChanges {
  readonly #db: Connection;
  readonly #state: StateStore;
  readonly #changes: ChangeReader | null;
  readonly #queue = new ChangedQueue();
  /** Where the last reading of the WAL ended. */
  #place: string | null = null;
  #gap = false;

  /** `changes` null: nothing tells what changed, so passes look back. */
  constructor(db: Connection, state: StateStore, changes: ChangeReader | null) {
    this.#db = db;
    this.#state = state;
    this.#changes = changes;
  }

  /** Commits may have been missed, and no pass has looked back since. */
  get gap(): boolean {
    return this.#gap;
  }
  get empty(): boolean {
    return this.#queue.empty;
  }

  /** For a file that was just attached or turned out to be another: goes on where the stored place is, or from nowhere. */
  startAt(place: string | null): void {
    this.#queue.clear();
    this.#changes?.startAt(place);
  }

  /** Leaves what was committed so far to an import that begins now; gives the place behind it, to be stored with that. */
  skip(): string | null {
    const reading = this.#changes?.read();
    reading?.accept();
    return reading?.place ?? null;
  }

  /**
   * Reads the WAL and gives what the pass has to look at; null where nothing tells what changed. To be called outside a
   * transaction. Throws SqliteError.
   */
  read(): ChangedSlice | null {
    if (this.#changes === null) return null;
    // The last transaction is given again with each reading: one of many rows would never come to its end.
    if (!this.#queue.empty) return this.#queue.first(SLICE_ROWS);
    const reading = this.#changes.read();
    this.#enqueue(reading);
    return reading.failure === null ? this.#queue.first(SLICE_ROWS) : null;
  }

  #enqueue(reading: ChangeReading): void {
    for (const changes of reading.changed) {
      this.#queue.add(changes);
      if (changes.emptied.length > 0 && isTableAmong(this.#db, changes.emptied)) this.#queue.addEverything();
      this.#gap ||= changes.lookBack;
    }
    this.#gap ||= reading.gap || this.#queue.takeOverflow();
    this.#place = reading.place;
    reading.accept();
  }

  /** In the pass's transaction: the place in the WAL is stored when all before it was looked at. */
  storePlace(changed: ChangedSlice): void {
    if (this.#queue.isAll(changed)) this.#state.set(STATE_KEYS.walPlace, this.#place);
  }

  /** After the commit of a pass that was given `changed`. */
  passed(changed: ChangedSlice | null, { thorough }: Pick<PassOutcome, "thorough">): void {
    if (changed !== null) this.#queue.drop(changed);
    if (thorough) this.#gap = false;
  }
}

/**
 * Follows the WAL of Messages' database: each reading gives the rows that commits since the last accepted one may have
 * changed.
 *
 *   nowhere ── read: a WAL ──▶ in a WAL ── read: the same WAL ──▶ further on
 *                                  │ ── read: restarted ──▶ in the new WAL; a gap unless nothing can have been missed
 *                                  └── read: no WAL ──▶ nowhere; a gap
 *
 * **The order is: `data_version`, then read(), then BEGIN.** A commit stands in the file a little before others can see it
 * (with synchronous=FULL for as long as an fsync takes), so that a reading can be ahead of the pass that uses it. Only the
 * last transaction in the file can be in that state, because its writer holds the write lock: its rows are therefore given
 * again with every reading until another transaction stands behind it. A writer that dies just then leaves a commit
 * that the next one writes over: the place where we stand is checked, and the last transaction read anew.
 */
import type { ChangedRows } from "../model/changed_rows.ts";
import { bothChanged, NOTHING_CHANGED, type PageLayout, PLAIN_LAYOUT } from "./changed_rows.ts";
import {
  firstCursor,
  FRAME_HEADER_BYTES,
  frameBytes,
  isFrameBefore,
  isNextWal,
  isOfWal,
  offsetOf,
  readWalHeader,
  WAL_HEADER_BYTES,
  type WalCursor,
  type WalHeader,
} from "./wal.ts";
import { WalFile } from "./wal_file.ts";
import { bufferBytes, readTransactions, type Transactions } from "./wal_transactions.ts";

/** Where a reading ended. */
export interface WalPlace {
  /** Where the last transaction that was read begins: what to store with the rows, for the next run of the program. */
  readonly sure: WalCursor;
  /** Behind it. */
  readonly end: WalCursor;
  /** Its rows. */
  readonly last: ChangedRows;
}

export interface WalReading {
  /** By the frames that are new. */
  readonly changed: ChangedRows;
  /** By the transaction that stood last in the file at the accepted reading: what it did may be visible only now. */
  readonly again: ChangedRows;
  /**
   * Commits may have been missed: we have no place to go on from, the WAL was restarted or made anew and written over, or
   * there is none that can be read. What is in the WAL now is in `changed` all the same.
   */
  readonly gap: boolean;
  /** Committed frames that are new. */
  readonly frames: number;
  /** Null when there is nothing to go on from. */
  readonly place: WalPlace | null;
}

/** Commits of people are a tenth of it. */
const MOST_AHEAD_BYTES = 1024 * 1024;

export class WalFollower {
  readonly #databasePath: string;
  #place: WalPlace | null;
  /** What stood behind the place at the last {@link readAhead}. */
  #ahead: Transactions | null = null;
  /** Bytes that were read ahead since the place was accepted. */
  #aheadBytes = 0;
  #layout: PageLayout = PLAIN_LAYOUT;
  #buffer = new Uint8Array(0);

  /**
   * `databasePath`: no link, because SQLite keeps the WAL beside the file that a link leads to. `cursor`: the `sure` of an
   * earlier run's last reading.
   */
  constructor(databasePath: string, cursor: WalCursor | null = null) {
    this.#databasePath = databasePath;
    this.#place = cursor === null ? null : { sure: cursor, end: cursor, last: NOTHING_CHANGED };
  }

  /**
   * The next reading goes on behind this one. Until then each gives all since the one accepted before, so that a pass that
   * failed loses nothing: accept after its commit.
   */
  accept(reading: WalReading): void {
    this.#place = reading.place;
    this.#ahead = null;
    this.#aheadBytes = 0;
  }

  /**
   * Reads what stands behind the place already now, so that {@link read} has less to do: with synchronous=FULL a commit
   * stands in the file some milliseconds before anybody can see it. A long transaction that spills into the WAL sends
   * hints for minutes: {@link MOST_AHEAD_BYTES} are read for one place, and no more. Throws as {@link read}.
   */
  readAhead(): void {
    const place = this.#place;
    const left = MOST_AHEAD_BYTES - this.#aheadBytes;
    if (place === null || left <= 0) return;
    using file = WalFile.open(this.#databasePath);
    const header = file === null ? null : headerOf(file);
    if (file === null || header === null || !isOfWal(place.end, header)) return;
    if (!isStillThere(file, place.end)) return;
    this.#ahead = this.#transactions(file, place.end, left);
  }

  /** Outside a transaction: see above. Throws LiveSyncError `wal_unreadable`. */
  read(): WalReading {
    using file = WalFile.open(this.#databasePath);
    const header = file === null ? null : headerOf(file);
    // Empty, or just being written, or the database is in no WAL mode any more.
    if (file === null || header === null) {
      const again = this.#place?.last ?? NOTHING_CHANGED;
      return { changed: NOTHING_CHANGED, again, gap: true, frames: 0, place: null };
    }
    if (this.#place === null) return this.#readAll(file, header);
    if (isOfWal(this.#place.end, header)) return this.#readOn(file, this.#place);
    return this.#readRestarted(file, this.#place, header);
  }

  #readAll(file: WalFile, header: WalHeader): WalReading {
    const from = firstCursor(header);
    const again = this.#place?.last ?? NOTHING_CHANGED;
    return { ...readingOf(this.#transactions(file, from), again, nothingBehind(from)), gap: true };
  }

  #readOn(file: WalFile, place: WalPlace): WalReading {
    const ahead = this.#ahead;
    if (ahead !== null && ahead.frames > 0 && isStillThere(file, ahead.end)) {
      return readingOf(bothRead(ahead, this.#transactions(file, ahead.end)), place.last, place);
    }
    if (isStillThere(file, place.end)) {
      return readingOf(this.#transactions(file, place.end), place.last, place);
    }
    // Its writer died before anybody could see it.
    if (isStillThere(file, place.sure)) {
      return readingOf(this.#transactions(file, place.sure), place.last, nothingBehind(place.sure));
    }
    return this.#readAll(file, place.end.header);
  }

  /**
   * Behind the frames of the new WAL those of the old one still stand. Where they go on after our place, they are taken;
   * where they do not, there were no more. Unless they were written over or cut off: then one can't tell.
   */
  #readRestarted(file: WalFile, place: WalPlace, header: WalHeader): WalReading {
    const old = this.#transactions(file, place.end);
    // Asked last: as long as the frame before our place stands, nothing behind it was written over.
    const complete = isNextWal(place.end.header, header) && old.endsCleanly && place.end.frames > 0 &&
      isStillThere(file, place.end);
    const from = firstCursor(header);
    const now = readingOf(this.#transactions(file, from), place.last, nothingBehind(from));
    return {
      ...now,
      changed: bothChanged(old.all, now.changed),
      gap: !complete,
      frames: old.frames + now.frames,
    };
  }

  #transactions(file: WalFile, from: WalCursor, mostBytes = Infinity): Transactions {
    const bytes = bufferBytes(frameBytes(from.header));
    if (this.#buffer.length < bytes) this.#buffer = new Uint8Array(bytes);
    const read = (offset: number, into: Uint8Array): Uint8Array => {
      const got = file.read(offset, into);
      if (mostBytes !== Infinity) this.#aheadBytes += got.length;
      return got;
    };
    const found = readTransactions(read, from, this.#buffer, this.#layout, mostBytes);
    this.#layout = found.layout;
    return found;
  }
}

function headerOf(file: WalFile): WalHeader | null {
  return readWalHeader(file.read(0, new Uint8Array(WAL_HEADER_BYTES)));
}

/** Transactions, and those that stand right behind them. */
function bothRead(first: Transactions, then: Transactions): Transactions {
  return then.last === null ? first : {
    ...then,
    all: bothChanged(first.all, then.all),
    frames: first.frames + then.frames,
  };
}

/** `place`: where we stand when nothing was `found`. */
function readingOf(found: Transactions, again: ChangedRows, place: WalPlace): WalReading {
  return {
    changed: found.all,
    again,
    gap: false,
    frames: found.frames,
    place: found.last === null ? place : { sure: found.lastBegins, end: found.end, last: found.last },
  };
}

function nothingBehind(cursor: WalCursor): WalPlace {
  return { sure: cursor, end: cursor, last: NOTHING_CHANGED };
}

/** Whether the frame that the cursor stands behind is in the file as we read it. Before the first frame: always. */
function isStillThere(file: WalFile, cursor: WalCursor): boolean {
  if (cursor.frames === 0) return true;
  const offset = offsetOf(cursor) - frameBytes(cursor.header);
  return isFrameBefore(cursor, file.read(offset, new Uint8Array(FRAME_HEADER_BYTES)));
}

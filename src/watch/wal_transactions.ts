/**
 * A stretch of the `-wal` file → the rows of the transactions in it, piece by piece: neither a long transaction nor
 * megabytes of stale frames are ever in memory.
 */
import type { ChangedRows } from "../model/changed_rows.ts";
import { NOTHING_CHANGED, type PageLayout, RowCollector } from "./changed_rows.ts";
import { frameBytes, offsetOf, validFrames, type WalCursor, type WalFrame } from "./wal.ts";

/** Gives the bytes at `offset`, in the memory of `into`; fewer than asked for at the end of the file. */
export type ReadAt = (offset: number, into: Uint8Array) => Uint8Array;

export interface Transactions {
  /** Rows of all of them. */
  readonly all: ChangedRows;
  /** Rows of the last one; null when there was no transaction at all. */
  readonly last: ChangedRows | null;
  /** Where the last one begins; where reading began when there was none. */
  readonly lastBegins: WalCursor;
  /** Behind the last one. */
  readonly end: WalCursor;
  /** In all of them. */
  readonly frames: number;
  /** False when the file ends within a frame, so that one can't tell whether there was one. */
  readonly endsCleanly: boolean;
  readonly layout: PageLayout;
}

const MOST_BYTES = 256 * 1024;
/** Most commits are small, and what stands behind them is mostly stale. */
const FIRST_PIECE_BYTES = 96 * 1024;
const GROWTH = 4;

/** So much memory {@link readTransactions} wants for pages of that size; its begin must be aligned for words. */
export function bufferBytes(frameSize: number): number {
  return Math.max(MOST_BYTES, frameSize);
}

/** Everything that was committed behind `from`, looked for in no more than about `mostBytes`. */
export function readTransactions(
  read: ReadAt,
  from: WalCursor,
  buffer: Uint8Array,
  layout: PageLayout,
  mostBytes = Infinity,
): Transactions {
  const frameSize = frameBytes(from.header);
  const mostFrames = Math.floor(buffer.length / frameSize);
  const rows = new TransactionRows(from, layout);
  let cursor = from;
  let pieceFrames = Math.max(1, Math.floor(FIRST_PIECE_BYTES / frameSize));
  let readBytes = 0;
  for (;; pieceFrames = Math.min(GROWTH * pieceFrames, mostFrames)) {
    const wanted = pieceFrames * frameSize;
    const bytes = read(offsetOf(cursor), buffer.subarray(0, wanted));
    readBytes += bytes.length;
    const piece = validFrames(cursor, bytes);
    for (const frame of piece.frames) rows.add(frame);
    cursor = piece.cursor;
    if (piece.stopped === "end" || bytes.length < wanted || readBytes >= mostBytes) {
      return rows.transactions(piece.stopped === "end" || bytes.length % frameSize === 0);
    }
  }
}

/** Puts frames together to transactions; what no commit has ended is left out. */
class TransactionRows {
  readonly #from: WalCursor;
  /** Of all transactions but the last; most readings find only one. */
  #earlier: RowCollector | null = null;
  #last: RowCollector | null = null;
  #open: RowCollector;
  #lastBegins: WalCursor;
  #end: WalCursor;

  constructor(from: WalCursor, layout: PageLayout) {
    this.#from = from;
    this.#open = new RowCollector(layout);
    this.#lastBegins = from;
    this.#end = from;
  }

  add(frame: WalFrame): void {
    this.#open.add(frame);
    if (frame.commit === null) return;
    if (this.#last !== null) {
      this.#earlier ??= new RowCollector();
      this.#earlier.addAll(this.#last);
    }
    this.#last = this.#open;
    this.#open = new RowCollector(this.#last.layout);
    this.#lastBegins = this.#end;
    this.#end = frame.commit;
  }

  transactions(endsCleanly: boolean): Transactions {
    const last = this.#last?.result() ?? null;
    if (this.#last !== null) this.#earlier?.addAll(this.#last);
    return {
      all: this.#earlier?.result() ?? last ?? NOTHING_CHANGED,
      last,
      lastBegins: this.#lastBegins,
      end: this.#end,
      frames: this.#end.frames - this.#from.frames,
      endsCleanly,
      layout: this.#last?.layout ?? this.#open.layout,
    };
  }
}

/**
 * A stretch of the `-wal` file → the rows of the transactions in it, piece by piece: neither a long transaction nor
 * megabytes of stale frames are ever in memory.
 */
import { type PageLayout, RowCollector } from "./changed_rows.ts";
import { frameBytes, offsetOf, validFrames, type WalCursor, type WalFrame } from "./wal.ts";

/** Gives the bytes at `offset`, in the memory of `into`; fewer than asked for at the end of the file. */
export type ReadAt = (offset: number, into: Uint8Array) => Uint8Array;

export interface Transactions {
  /** Rows of all transactions but the last. */
  readonly before: RowCollector;
  /** Rows of the last one. Null when there was no transaction at all. */
  readonly last: RowCollector | null;
  /** Where the last one begins; where reading began when there was none. */
  readonly lastBegins: WalCursor;
  /** Behind the last one. */
  readonly end: WalCursor;
  /** False when the file ends within a frame, so that one can't tell whether there was one. */
  readonly endsCleanly: boolean;
  readonly layout: PageLayout;
}

const MOST_BYTES = 256 * 1024;
/** Most commits are small, and what stands behind them is mostly stale. */
const FIRST_PIECE_FRAMES = 8;
const GROWTH = 4;

/** So much memory {@link readTransactions} wants for pages of that size; its begin must be aligned for words. */
export function bufferBytes(frameSize: number): number {
  return Math.max(MOST_BYTES, frameSize);
}

/** Everything that was committed behind `from`. */
export function readTransactions(
  read: ReadAt,
  from: WalCursor,
  buffer: Uint8Array,
  layout: PageLayout,
): Transactions {
  const frameSize = frameBytes(from.header);
  const mostFrames = Math.floor(buffer.length / frameSize);
  const rows = new TransactionRows(from, layout);
  let cursor = from;
  for (let pieceFrames = FIRST_PIECE_FRAMES;; pieceFrames *= GROWTH) {
    const wanted = Math.min(pieceFrames, mostFrames) * frameSize;
    const bytes = read(offsetOf(cursor), buffer.subarray(0, wanted));
    const piece = validFrames(cursor, bytes);
    for (const frame of piece.frames) rows.add(frame);
    cursor = piece.cursor;
    if (piece.stopped === "end" || bytes.length < wanted) {
      return rows.transactions(piece.stopped === "end" || bytes.length % frameSize === 0);
    }
  }
}

/** Puts frames together to transactions; what no commit has ended is left out. */
class TransactionRows {
  #before: RowCollector;
  #last: RowCollector | null = null;
  #open: RowCollector;
  #lastBegins: WalCursor;
  #end: WalCursor;
  #layout: PageLayout;

  constructor(from: WalCursor, layout: PageLayout) {
    this.#before = new RowCollector(layout);
    this.#open = new RowCollector(layout);
    this.#lastBegins = from;
    this.#end = from;
    this.#layout = layout;
  }

  add(frame: WalFrame): void {
    this.#open.add(frame);
    if (frame.commit === null) return;
    if (this.#last !== null) this.#before.addAll(this.#last);
    this.#last = this.#open;
    this.#layout = this.#open.layout;
    this.#open = new RowCollector(this.#layout);
    this.#lastBegins = this.#end;
    this.#end = frame.commit;
  }

  transactions(endsCleanly: boolean): Transactions {
    return {
      before: this.#before,
      last: this.#last,
      lastBegins: this.#lastBegins,
      end: this.#end,
      endsCleanly,
      layout: this.#layout,
    };
  }
}

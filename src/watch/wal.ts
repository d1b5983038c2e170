/**
 * The bytes of a `-wal` file → the frames that SQLite would take, too. Pure; whoever reads the file is somebody else.
 *
 * Source: sqlite.org/fileformat2.html, "The Write-Ahead Log". A header of 32 bytes, then frames of 24 bytes and a page.
 * A frame counts when its salts are the header's, the checksum that runs from the header through all frames before it
 * matches, and a frame that ends a transaction stands at or after it. After a full checkpoint the next writer begins at
 * the first frame again with new salts, and the file may keep its length: what stands behind is stale, not torn.
 */

export const WAL_HEADER_BYTES = 32;
export const FRAME_HEADER_BYTES = 24;

export interface WalHeader {
  /** Bytes of a page: a power of two, 512 to 65,536. */
  readonly pageSize: number;
  /** Counts restarts, by the writing connection's own count. */
  readonly checkpoint: number;
  readonly salt1: number;
  readonly salt2: number;
  /** Whether checksums are made of big-endian words. */
  readonly bigEndian: boolean;
  /** The running checksum behind the header. */
  readonly checksum: Checksum;
}

export interface Checksum {
  readonly s0: number;
  readonly s1: number;
}

/** A place between two frames. Plain data: it can be stored as JSON. */
export interface WalCursor {
  readonly header: WalHeader;
  /** Frames before it. */
  readonly frames: number;
  /** The running checksum there. */
  readonly checksum: Checksum;
}

/** A page as a transaction wrote it. `bytes` is a view into what was given to {@link validFrames}. */
export interface WalPage {
  readonly number: number;
  readonly bytes: Uint8Array;
}

export interface WalFrame extends WalPage {
  /** Where it ends a transaction the place behind it; else null. What no such frame follows may be taken back. */
  readonly commit: WalCursor | null;
}

export interface ValidFrames {
  /** In the order of the file; a page may come more than once. */
  readonly frames: readonly WalFrame[];
  /** Behind the last of them, committed or not. */
  readonly cursor: WalCursor;
  /** `cut`: fewer bytes than a frame are left, so that more bytes may say more; `end`: what follows is no frame of this WAL. */
  readonly stopped: "cut" | "end";
}

const MAGIC = 0x377f0682;
const FORMAT = 3007000;

/** Null when `bytes` begin with no header whose checksum is right: an empty file, or one that is just being written. */
export function readWalHeader(bytes: Uint8Array): WalHeader | null {
  if (bytes.length < WAL_HEADER_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, WAL_HEADER_BYTES);
  const magic = view.getUint32(0);
  const pageSize = view.getUint32(8);
  if ((magic & ~1) !== MAGIC || view.getUint32(4) !== FORMAT || !isPageSize(pageSize)) return null;
  const bigEndian = (magic & 1) === 1;
  const checksum = summing(bytes, bigEndian)({ s0: 0, s1: 0 }, 0, 24);
  if (checksum.s0 !== view.getUint32(24) || checksum.s1 !== view.getUint32(28)) return null;
  return {
    pageSize,
    checkpoint: view.getUint32(12),
    salt1: view.getUint32(16),
    salt2: view.getUint32(20),
    bigEndian,
    checksum,
  };
}

/** Before the first frame. */
export function firstCursor(header: WalHeader): WalCursor {
  return { header, frames: 0, checksum: header.checksum };
}

/** Whether `cursor` is a place in the WAL that begins with `header`, rather than in one before it. */
export function isOfWal(cursor: WalCursor, header: WalHeader): boolean {
  return cursor.header.salt1 === header.salt1 && cursor.header.salt2 === header.salt2 &&
    cursor.header.checkpoint === header.checkpoint && cursor.header.pageSize === header.pageSize;
}

/**
 * Whether the WAL of `next` began right after that of `before`: with each restart salt-1 grows by one. (The checkpoint
 * number is no proof: each connection counts it for itself. A connection that has not counted yet takes random salts.)
 */
export function isNextWal(before: WalHeader, next: WalHeader): boolean {
  return next.salt1 === (before.salt1 + 1) >>> 0;
}

/** Where in the file the frame behind `cursor` begins, in bytes. */
export function offsetOf(cursor: WalCursor): number {
  return WAL_HEADER_BYTES + cursor.frames * frameBytes(cursor.header);
}

export function frameBytes(header: WalHeader): number {
  return FRAME_HEADER_BYTES + header.pageSize;
}

/** The frames in `bytes`, which begin at {@link offsetOf} `cursor`. */
export function validFrames(cursor: WalCursor, bytes: Uint8Array): ValidFrames {
  const { header } = cursor;
  const size = frameBytes(header);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const sum = summing(bytes, header.bigEndian);
  const frames: WalFrame[] = [];
  let checksum = cursor.checksum;
  let stopped: ValidFrames["stopped"] = "cut";
  for (let at = 0; at + size <= bytes.length; at += size) {
    if (!hasSalts(view, at, header)) {
      stopped = "end";
      break;
    }
    const ofFrame = sum(sum(checksum, at, at + 8), at + FRAME_HEADER_BYTES, at + size);
    const number = view.getUint32(at);
    if (number === 0 || !hasChecksum(view, at, ofFrame)) {
      stopped = "end";
      break;
    }
    checksum = ofFrame;
    // The size of the database after a commit; 0 in frames that end no transaction.
    const commits = view.getUint32(at + 4) !== 0;
    frames.push({
      number,
      bytes: bytes.subarray(at + FRAME_HEADER_BYTES, at + size),
      commit: commits ? { header, frames: cursor.frames + frames.length + 1, checksum } : null,
    });
  }
  return { frames, cursor: { header, frames: cursor.frames + frames.length, checksum }, stopped };
}

/** Whether `frameHeader` (24 bytes) is of the frame that `cursor` stands behind: nobody has written over it since. */
export function isFrameBefore(cursor: WalCursor, frameHeader: Uint8Array): boolean {
  if (frameHeader.length < FRAME_HEADER_BYTES) return false;
  const view = new DataView(frameHeader.buffer, frameHeader.byteOffset, FRAME_HEADER_BYTES);
  return hasSalts(view, 0, cursor.header) && hasChecksum(view, 0, cursor.checksum);
}

function hasSalts(view: DataView, at: number, header: WalHeader): boolean {
  return view.getUint32(at + 8) === header.salt1 && view.getUint32(at + 12) === header.salt2;
}

function hasChecksum(view: DataView, at: number, checksum: Checksum): boolean {
  return view.getUint32(at + 16) === checksum.s0 && view.getUint32(at + 20) === checksum.s1;
}

function isPageSize(size: number): boolean {
  return size >= 512 && size <= 65_536 && (size & (size - 1)) === 0;
}

/** Whether this machine stores the low byte of a word first, as every Mac does. */
const LITTLE_ENDIAN_MACHINE = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** Gives the running checksum over a stretch of some bytes, whose ends are multiples of 8 apart. */
type Summing = (from: Checksum, start: number, end: number) => Checksum;

function summing(bytes: Uint8Array, bigEndian: boolean): Summing {
  const { buffer, byteOffset, length } = bytes;
  // Whole words are five times as fast, and possible wherever the reader's buffer is aligned.
  if (byteOffset % 4 === 0 && bigEndian !== LITTLE_ENDIAN_MACHINE) {
    const words = new Int32Array(buffer, byteOffset, Math.trunc(length / 4));
    return (from, start, end) => sumOfWords(from, words, start / 4, end / 4);
  }
  const view = new DataView(buffer, byteOffset, length);
  return (from, start, end) => {
    let { s0, s1 } = from;
    for (let at = start; at < end; at += 8) {
      s0 = (s0 + view.getUint32(at, !bigEndian) + s1) >>> 0;
      s1 = (s1 + view.getUint32(at + 4, !bigEndian) + s0) >>> 0;
    }
    return { s0, s1 };
  };
}

function sumOfWords(from: Checksum, words: Int32Array, start: number, end: number): Checksum {
  let s0 = from.s0 | 0;
  let s1 = from.s1 | 0;
  for (let i = start; i < end; i += 2) {
    s0 = (s0 + (words[i] ?? 0) + s1) | 0;
    s1 = (s1 + (words[i + 1] ?? 0) + s0) | 0;
  }
  return { s0: s0 >>> 0, s1: s1 >>> 0 };
}

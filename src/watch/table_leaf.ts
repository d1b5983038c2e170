/**
 * A table leaf page → the row ids of its cells. Pure.
 *
 * Source: sqlite.org/fileformat2.html, "B-tree Pages" and "Cell Payload Overflow Pages".
 */

export interface TableLeaf {
  /** In ascending order. */
  readonly rowids: readonly number[];
  /** First overflow pages of the cells that have one. */
  readonly overflow: readonly number[];
}

const HEADER_BYTES = 8;
/** Payload and row id of a byte each, and two more: a cell never takes less. */
const LEAST_CELL_BYTES = 4;
/** No row is longer: sqlite.org/limits.html. */
const LONGEST_PAYLOAD = 0x7fffffff;

/**
 * The page's b-tree header begins at `at`; `usable` are the page's bytes without the reserved ones at its end. Null for a
 * page that only looks like a leaf, and for row ids above 2^53, which JavaScript can't count and Messages never reaches.
 */
export function readTableLeaf(page: Uint8Array, at: number, usable: number): TableLeaf | null {
  const view = new DataView(page.buffer, page.byteOffset, page.length);
  const cells = view.getUint16(at + 3);
  const pointers = at + HEADER_BYTES;
  const content = pointers + 2 * cells;
  const varints = new Varints(page);
  const rowids: number[] = [];
  const overflow: number[] = [];
  let before = -Infinity;
  for (let i = 0; i < cells; i++) {
    const cell = view.getUint16(pointers + 2 * i);
    if (cell < content || cell + LEAST_CELL_BYTES > usable) return null;
    const payload = varints.read(cell);
    const rowid = varints.read(varints.next);
    if (!(payload >= 0 && payload <= LONGEST_PAYLOAD && rowid > before && Number.isSafeInteger(rowid))) {
      return null;
    }
    before = rowid;
    rowids.push(rowid);
    const local = localPayload(payload, usable);
    const end = varints.next + local;
    if (end + (local < payload ? 4 : 0) > usable) return null;
    if (local < payload) overflow.push(view.getUint32(end));
  }
  return { rowids, overflow };
}

/**
 * How many columns the first record of a leaf has that {@link readTableLeaf} read; null where its header does not stand on
 * the page as a whole. Each table's records have about as many columns, older ones fewer.
 */
export function columnsOfFirst(page: Uint8Array, at: number): number | null {
  const view = new DataView(page.buffer, page.byteOffset, page.length);
  const varints = new Varints(page);
  const payload = varints.read(view.getUint16(at + HEADER_BYTES));
  varints.read(varints.next);
  const header = varints.next;
  const length = varints.read(header);
  // The least that SQLite keeps on the page itself, with the smallest pages.
  if (!(length <= payload && length <= Math.max(39, Math.floor(((page.length - 12) * 32) / 255) - 23))) {
    return null;
  }
  let columns = 0;
  for (const end = header + length; varints.next < end; columns++) varints.read(varints.next);
  return columns;
}

/** Bytes of a cell's payload that stand on the page itself. */
function localPayload(payload: number, usable: number): number {
  const most = usable - 35;
  if (payload <= most) return payload;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const local = least + ((payload - least) % (usable - 4));
  return local <= most ? local : least;
}

/** Big-endian, seven bits a byte, eight in the ninth. An object a page rather than one a number: thousands are read. */
class Varints {
  readonly #bytes: Uint8Array;
  /** Behind the number that was read last. */
  next = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** NaN when the page ends within it. */
  read(at: number): number {
    let value = 0;
    for (let i = 0; i < 7; i++) {
      const byte = this.#bytes[at + i];
      if (byte === undefined) return NaN;
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) {
        this.next = at + i + 1;
        return value;
      }
    }
    return this.#readLong(value, at);
  }

  /** With more than seven bytes JavaScript's own numbers do no longer. */
  #readLong(upToSeven: number, at: number): number {
    const eighth = this.#bytes[at + 7];
    const ninth = this.#bytes[at + 8];
    if (eighth === undefined) return NaN;
    const upToEight = (BigInt(upToSeven) << 7n) | BigInt(eighth & 0x7f);
    this.next = at + 8;
    if (eighth < 0x80) return Number(upToEight);
    if (ninth === undefined) return NaN;
    this.next = at + 9;
    return Number(BigInt.asIntN(64, (upToEight << 8n) | BigInt(ninth)));
  }
}

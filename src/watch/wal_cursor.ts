/** A place in a WAL as text, to be stored beside the watermarks. */
import type { WalCursor } from "./wal.ts";

export function cursorToText({ header, frames, checksum }: WalCursor): string {
  const { pageSize, checkpoint, salt1, salt2, bigEndian } = header;
  const { s0, s1 } = header.checksum;
  return JSON.stringify([
    ...[pageSize, checkpoint, salt1, salt2, bigEndian ? 1 : 0, s0, s1],
    ...[frames, checksum.s0, checksum.s1],
  ]);
}

/** Null for anything that {@link cursorToText} did not make: there is then no place to go on from. */
export function cursorFromText(text: string): WalCursor | null {
  const numbers = /^\[\d+(?:,\d+){9}\]$/.test(text) ? text.slice(1, -1).split(",").map(Number) : [];
  const [pageSize, checkpoint, salt1, salt2, bigEndian, h0, h1, frames, s0, s1] = numbers;
  if (
    pageSize === undefined || checkpoint === undefined || salt1 === undefined || salt2 === undefined ||
    h0 === undefined || h1 === undefined || frames === undefined || s0 === undefined || s1 === undefined
  ) return null;
  const header = {
    pageSize,
    checkpoint,
    salt1,
    salt2,
    bigEndian: bigEndian === 1,
    checksum: { s0: h0, s1: h1 },
  };
  return { header, frames, checksum: { s0, s1 } };
}

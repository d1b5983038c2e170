/**
 * The row ids of all cells of all table leaves in a WAL's file, valid or not, read by another hand than the program's:
 * slowly, with BigInt, and without any check.
 */
export function everyCell(wal: Uint8Array): number[] {
  if (wal.length < 32) return [];
  const view = new DataView(wal.buffer, wal.byteOffset, wal.length);
  const pageSize = view.getUint32(8);
  const cells: number[] = [];
  for (let frame = 32; frame + 24 + pageSize <= wal.length; frame += 24 + pageSize) {
    const page = new DataView(wal.buffer, wal.byteOffset + frame + 24, pageSize);
    const at = view.getUint32(frame) === 1 ? 100 : 0;
    if (page.getUint8(at) !== 13) continue;
    for (let i = 0; i < page.getUint16(at + 3); i++) {
      const cell = page.getUint16(at + 8 + 2 * i);
      cells.push(Number(BigInt.asIntN(64, varint(page, varint(page, cell).next).value)));
    }
  }
  return cells;
}

function varint(page: DataView, at: number): { readonly value: bigint; readonly next: number } {
  let value = 0n;
  for (let i = 0; i < 8; i++) {
    const byte = page.getUint8(at + i);
    value = value * 128n + BigInt(byte % 128);
    if (byte < 128) return { value, next: at + i + 1 };
  }
  return { value: value * 256n + BigInt(page.getUint8(at + 8)), next: at + 9 };
}

/** A WAL with its checksums made anew in either byte order, by another hand than the program's. */
export function rewrittenWal(wal: Uint8Array, bigEndian: boolean): Uint8Array {
  const rewritten = wal.slice();
  const view = new DataView(rewritten.buffer);
  view.setUint32(0, bigEndian ? 0x377f0683 : 0x377f0682);
  const size = 24 + view.getUint32(8);
  let sum: readonly [number, number] = [0, 0];
  const add = (from: number, to: number): void => {
    let [a, b] = sum;
    for (let at = from; at < to; at += 8) {
      a = (a + view.getUint32(at, !bigEndian) + b) >>> 0;
      b = (b + view.getUint32(at + 4, !bigEndian) + a) >>> 0;
    }
    sum = [a, b];
  };
  const put = (at: number): void => sum.forEach((word, i) => view.setUint32(at + 4 * i, word));
  add(0, 24);
  put(24);
  for (let frame = 32; frame + size <= rewritten.length; frame += size) {
    // What has other salts is stale, and stays so.
    if (view.getUint32(frame + 8) !== view.getUint32(16)) break;
    add(frame, frame + 8);
    add(frame + 24, frame + size);
    put(frame + 16);
  }
  return rewritten;
}

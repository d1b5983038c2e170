/** A PNG as Chromium writes it: 8 bits each of red, green, blue and alpha, not interlaced. Pure. */
import { crc32, inflateSync } from "node:zlib";

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, alpha of each pixel, from the top left, row by row. */
  readonly rgba: Uint8Array;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const CHANNELS = 4;
/** Bit depth 8, colour type 6 (RGBA), the only compression and filter there are, no interlacing: the end of IHDR. */
const KIND = [8, 6, 0, 0, 0];

/** The chunk that comes first, with its length, name and checksum. */
const IHDR_BYTES = 25;

/** The same picture with a comment in it, which no program shows. */
export function withNote(png: Uint8Array, note: string): Uint8Array {
  const content = new TextEncoder().encode(`tEXtComment\0${note}`);
  const chunk = new Uint8Array(content.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length - 4);
  chunk.set(content, 4);
  view.setUint32(content.length + 4, crc32(content));
  const at = SIGNATURE.length + IHDR_BYTES;
  const bytes = new Uint8Array(png.length + chunk.length);
  bytes.set(png.subarray(0, at));
  bytes.set(chunk, at);
  bytes.set(png.subarray(at), at + chunk.length);
  return bytes;
}

/** The pixels. Throws RangeError for what is no such PNG. */
export function readPng(bytes: Uint8Array): Picture {
  if (!SIGNATURE.every((byte, index) => bytes[index] === byte)) throw new RangeError("Cannot read as PNG");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array[] = [];
  let [width, height] = [0, 0];
  for (let at = SIGNATURE.length; at < bytes.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const start = at + 8;
    if (type === "IHDR") {
      [width, height] = [view.getUint32(start), view.getUint32(start + 4)];
      if (!KIND.every((byte, index) => bytes[start + 8 + index] === byte)) {
        throw new RangeError("Cannot read a PNG that is not 8-bit RGBA");
      }
    } else if (type === "IDAT") data.push(bytes.subarray(start, start + length));
    at = start + length + 4;
  }
  const packed = new Uint8Array(data.reduce((sum, each) => sum + each.length, 0));
  let filled = 0;
  for (const each of data) {
    packed.set(each, filled);
    filled += each.length;
  }
  return { width, height, rgba: unfiltered(inflateSync(packed), width, height) };
}

/** Each row begins with the number of its filter, which says what was taken off each byte. */
function unfiltered(rows: Uint8Array, width: number, height: number): Uint8Array {
  const stride = width * CHANNELS;
  if (rows.length !== (stride + 1) * height) throw new RangeError("Cannot read a PNG that is cut off");
  const rgba = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < CHANNELS ? 0 : rgba[at - CHANNELS] ?? 0;
      const above = y === 0 ? 0 : rgba[at - stride] ?? 0;
      const corner = x < CHANNELS || y === 0 ? 0 : rgba[at - stride - CHANNELS] ?? 0;
      rgba[at] = (rows[y * (stride + 1) + 1 + x] ?? 0) + foretold(filter, left, above, corner);
    }
  }
  return rgba;
}

function foretold(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4:
      return paeth(left, above, corner);
  }
  throw new RangeError(`Cannot read a PNG with filter ${filter}`);
}

function paeth(left: number, above: number, corner: number): number {
  const sum = left + above - corner;
  const [toLeft, toAbove, toCorner] = [Math.abs(sum - left), Math.abs(sum - above), Math.abs(sum - corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

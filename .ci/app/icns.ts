/**
 * Writes Apple's icon file (.icns): a list of pictures, each under four letters that say its size. Pure.
 *
 * The types are those that `iconutil` writes today: PNG as it is, and for 16 and 32 points on an ordinary screen "ARGB",
 * four planes packed like PackBits (en.wikipedia.org/wiki/Apple_Icon_Image_format), because a PNG there is not shown as
 * an app's icon.
 */
import { type Picture, readPng } from "./png.ts";

interface Kind {
  readonly type: string;
  /** Width and height in pixels. */
  readonly pixels: number;
  readonly form: "png" | "argb";
}

/** In the order of their size in points: 16, 32, 128, 256, 512, each for an ordinary and for a Retina screen. */
export const ICNS_KINDS: readonly Kind[] = [
  { type: "ic04", pixels: 16, form: "argb" },
  { type: "ic11", pixels: 32, form: "png" },
  { type: "ic05", pixels: 32, form: "argb" },
  { type: "ic12", pixels: 64, form: "png" },
  { type: "ic07", pixels: 128, form: "png" },
  { type: "ic13", pixels: 256, form: "png" },
  { type: "ic08", pixels: 256, form: "png" },
  { type: "ic14", pixels: 512, form: "png" },
  { type: "ic09", pixels: 512, form: "png" },
  { type: "ic10", pixels: 1024, form: "png" },
];

/** The whole file. `png` gives the picture of that many pixels. Throws RangeError for one of another size. */
export function icnsFile(png: (pixels: number) => Uint8Array): Uint8Array {
  const parts = ICNS_KINDS.map(({ type, pixels, form }) => {
    const bytes = png(pixels);
    const picture = readPng(bytes);
    if (picture.width !== pixels || picture.height !== pixels) {
      throw new RangeError(
        `Cannot use a picture of ${picture.width} × ${picture.height} for ${pixels} pixels`,
      );
    }
    return element(type, form === "png" ? bytes : argb(picture));
  });
  return element("icns", joined(parts));
}

/** Four letters, the length with this head of eight bytes, the content: the file itself is one, too. */
function element(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + content.length);
  bytes.set(new TextEncoder().encode(type));
  new DataView(bytes.buffer).setUint32(4, bytes.length);
  bytes.set(content, 8);
  return bytes;
}

function argb({ rgba }: Picture): Uint8Array {
  const plane = (channel: number) => rgba.filter((_, index) => index % 4 === channel);
  return joined([new TextEncoder().encode("ARGB"), ...[3, 0, 1, 2].map((channel) => packed(plane(channel)))]);
}

/** Fewer equal bytes than this are cheaper as they are. */
const LEAST_RUN = 3;
const MOST_RUN = 130;
const MOST_LITERAL = 128;

/** Below 128: that many bytes and one more follow. From 128 on: the next byte stands for that many less 125. */
function packed(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let literal: number[] = [];
  const flush = () => {
    if (literal.length > 0) out.push(literal.length - 1, ...literal);
    literal = [];
  };
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    let run = 1;
    while (run < MOST_RUN && bytes[at + run] === byte) run++;
    if (run >= LEAST_RUN) {
      flush();
      out.push(run + 125, byte);
      at += run;
    } else {
      literal.push(byte);
      if (literal.length === MOST_LITERAL) flush();
      at++;
    }
  }
  flush();
  return Uint8Array.from(out);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, each) => sum + each.length, 0));
  let filled = 0;
  for (const part of parts) {
    bytes.set(part, filled);
    filled += part.length;
  }
  return bytes;
}

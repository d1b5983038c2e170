/** The app's icon, read back by a parser that is not its writer. */
import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { createHash } from "node:crypto";
import { ICNS_KINDS, icnsFile } from "../../.ci/app/icns.ts";
import { readPng } from "../../.ci/app/png.ts";

const FOLDER = new URL("../../.ci/app/", import.meta.url);
const icns = Deno.readFileSync(new URL("AppIcon.icns", FOLDER));

interface Element {
  readonly type: string;
  readonly content: Uint8Array;
}

function letters(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** The elements of a file; fails where lengths don't fit. */
function elements(bytes: Uint8Array): Element[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  equal(letters(bytes.subarray(0, 4)), "icns");
  equal(view.getUint32(4), bytes.length);
  const found: Element[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = view.getUint32(at + 4);
    ok(length > 8 && at + length <= bytes.length, `element at ${at}`);
    found.push({
      type: letters(bytes.subarray(at, at + 4)),
      content: bytes.subarray(at + 8, at + length),
    });
    at += length;
  }
  return found;
}

/** As en.wikipedia.org/wiki/Apple_Icon_Image_format tells how to unpack. */
function unpacked(bytes: Uint8Array): number[] {
  const out: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const count = bytes[at] ?? 0;
    if (count < 0x80) out.push(...bytes.subarray(at + 1, at + count + 2));
    else out.push(...Array.from({ length: count - 0x80 + 3 }, () => bytes[at + 1] ?? 0));
    at += count < 0x80 ? count + 2 : 2;
  }
  return out;
}

/** Width in pixels, and alpha of the corner and of the middle. */
function seen({ type, content }: Element): { pixels: number; corner: number; middle: number } {
  if (letters(content.subarray(0, 4)) === "ARGB") {
    const planes = unpacked(content.subarray(4));
    const pixels = Math.sqrt(planes.length / 4);
    return { pixels, corner: planes[0] ?? -1, middle: planes[pixels * (pixels + 1) / 2] ?? -1 };
  }
  const { width, height, rgba } = readPng(content);
  equal(width, height, type);
  return { pixels: width, corner: rgba[3] ?? -1, middle: rgba[(width * (width + 1) / 2) * 4 + 3] ?? -1 };
}

Deno.test("AppIcon.icns has each size, once for an ordinary and once for a Retina screen, on nothing", () => {
  const sizes: Readonly<Record<string, number>> = {
    ...{ ic04: 16, ic05: 32, ic07: 128, ic08: 256, ic09: 512 },
    ...{ ic11: 32, ic12: 64, ic13: 256, ic14: 512, ic10: 1024 },
  };
  const found = elements(icns);
  deepEqual(found.map(({ type }) => type).toSorted(), Object.keys(sizes).toSorted());
  for (const element of found) {
    deepEqual(
      seen(element),
      { pixels: sizes[element.type], corner: 0, middle: 255 },
      element.type,
    );
  }
});

Deno.test("the small pictures have the same pixels packed as ARGB as the PNG of their size", () => {
  const found = new Map(elements(icns).map(({ type, content }) => [type, content]));
  const planes = unpacked((found.get("ic05") ?? new Uint8Array()).subarray(4));
  const { rgba } = readPng(found.get("ic11") ?? new Uint8Array());
  const plane = (channel: number) => [...rgba.filter((_, index) => index % 4 === channel)];
  deepEqual(planes, [3, 0, 1, 2].flatMap(plane));
});

Deno.test("AppIcon.icns was drawn from AppIcon.svg as it stands now (.ci/app/make_icon.ts)", () => {
  const svg = createHash("sha256").update(Deno.readFileSync(new URL("AppIcon.svg", FOLDER))).digest("hex");
  for (const { type, content } of elements(icns).filter(({ content }) => content[0] === 0x89)) {
    match(letters(content.subarray(33, 140)), new RegExp(`tEXtComment\\0SVG ${svg}`), type);
  }
});

Deno.test("icnsFile() refuses a picture when it has another size, and what is no picture", () => {
  const png = elements(icns).find(({ type }) => type === "ic07")?.content ?? new Uint8Array();
  throws(() => icnsFile(() => png), /128 × 128 for 16 pixels/);
  throws(() => icnsFile(() => new Uint8Array(100)), /Cannot read as PNG/);
  throws(() => readPng(png.subarray(0, png.length - 40)));
  ok(ICNS_KINDS.length === 10);
});

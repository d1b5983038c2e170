/** What `message_summary_info` tells of an edited or unsent message; facts/typedstream.md has its keys. Pure. */
import { decodePlist, isPlistArray, type PlistValue } from "../../apple_formats/plist.ts";
import { encodeBinaryPlist } from "../binary_plist.ts";
import type { MessagePart } from "../body_parts.ts";

export interface EditSummary {
  /** By number of the part, as it was sent: where it stood in the text, in UTF-16 units. */
  readonly original: ReadonlyMap<number, TextRange>;
  /** Of each edited part, the oldest first, up to the current one. */
  readonly versions: ReadonlyMap<number, readonly Version[]>;
  readonly unsent: ReadonlySet<number>;
}

interface TextRange {
  readonly start: number;
  readonly length: number;
}

export interface Version {
  /** A typedstream. */
  readonly body: Uint8Array;
  /** When it was written: seconds since 2001 with a fraction. */
  readonly seconds: number;
}

/** Of a message that nobody edited yet. */
export function summaryOf(parts: readonly MessagePart[]): EditSummary {
  const original = new Map<number, TextRange>();
  let start = 0;
  for (const { part, text } of parts) {
    original.set(part, { start, length: text.length });
    start += text.length;
  }
  return { original, versions: new Map(), unsent: new Set() };
}

/** One that {@link encodeEditSummary} wrote; null when `bytes` are something else. */
export function decodeEditSummary(bytes: Uint8Array): EditSummary | null {
  const plist = decodePlist(bytes);
  if (!plist.ok || !(plist.value instanceof Map) || !plist.value.has("otr")) return null;
  const unsent = plist.value.get("rp");
  return {
    original: byPart(plist.value.get("otr"), (range) => ({
      start: numberIn(range, "lo"),
      length: numberIn(range, "le"),
    })),
    versions: byPart(
      plist.value.get("ec"),
      (versions) => isPlistArray(versions) ? versions.map(version) : [],
    ),
    unsent: new Set(isPlistArray(unsent) ? unsent.map(Number) : []),
  };
}

export function encodeEditSummary({ original, versions, unsent }: EditSummary): Uint8Array {
  const edited = [...versions.keys()].sort((a, b) => a - b);
  const retracted = [...unsent].sort((a, b) => a - b);
  return encodeBinaryPlist({
    amc: versions.size > 0 ? 1n : 0n,
    ...(edited.length === 0 ? {} : {
      ec: Object.fromEntries(
        [...versions].map(([part, all]) => [part, all.map(({ body, seconds }) => ({ t: body, d: seconds }))]),
      ),
      ep: edited.map(BigInt),
    }),
    otr: Object.fromEntries(
      [...original].map(([part, { start, length }]) => [part, { lo: BigInt(start), le: BigInt(length) }]),
    ),
    ...(retracted.length === 0 ? {} : { rp: retracted.map(BigInt) }),
    ust: true,
  });
}

function byPart<T>(value: PlistValue | undefined, read: (entry: PlistValue) => T): ReadonlyMap<number, T> {
  const entries: readonly [string, PlistValue][] = value instanceof Map ? [...value] : [];
  return new Map(entries.map(([part, entry]) => [Number(part), read(entry)]));
}

function version(entry: PlistValue): Version {
  const body = entry instanceof Map ? entry.get("t") : undefined;
  return {
    // A view into the row's bytes, which stay as they are.
    body: body instanceof Uint8Array ? body : new Uint8Array(),
    seconds: numberIn(entry, "d"),
  };
}

function numberIn(value: PlistValue, key: string): number {
  const number = value instanceof Map ? value.get(key) : undefined;
  return typeof number === "number" ? number : 0;
}

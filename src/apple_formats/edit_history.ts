/**
 * Edits and unsends, from a message's `message_summary_info`: `otr` has all original parts, `ec` the versions of each
 * edited part from the oldest to the current one, `rp` the parts that were unsent. All else in it is passed over.
 *
 * It does not say what the message says now: `attributedBody` does, for all parts that are left.
 */
import { withoutPlaceholders } from "./message_text.ts";
import { decodePlist, isPlistArray, type PlistProblem, type PlistValue } from "./plist.ts";
import { decodeAttributedBody } from "./typedstream.ts";

export interface PartVersion {
  /** 0 is the original. */
  readonly version: number;
  /** As `messages.content`: without attachment placeholders; null if empty, or if it can't be decoded. */
  readonly content: string | null;
  /** When this version was written, the original too: milliseconds since 1970 UTC; null if that is not told. */
  readonly editedAtMs: number | null;
  readonly isDecoded: boolean;
}

export interface PartHistory {
  /** Number of the part within its message, from 0. */
  readonly part: number;
  /** An unsent part may have been edited before; versions of it that are still there are in `versions`. */
  readonly state: "original" | "edited" | "unsent";
  /** From 0 to the current one; empty for an original part. */
  readonly versions: readonly PartVersion[];
}

/**
 * How much was taken back. "unknown": some part was, but the original parts are not listed, so that only the body shows
 * whether any is left.
 */
export type Unsent = "none" | "part" | "whole" | "unknown";

export type EditHistory =
  | {
    readonly ok: true;
    /** In the order of their numbers; empty for the many messages that were neither edited nor unsent. */
    readonly parts: readonly PartHistory[];
    readonly unsent: Unsent;
    /** Versions and entries that could not be read, and were left out or left without content. */
    readonly undecodable: number;
  }
  | { readonly ok: false; readonly reason: PlistProblem };

/** Messages allows five edits of a part. Versions behind these are counted as undecodable. */
const MOST_VERSIONS = 1000;
/** Bytes of all bodies together, as one body may be named by many versions. */
const MOST_BODY_BYTES = 32 * 1024 * 1024;

/** A row of `message_edits`, but for its message. */
export interface StoredVersion extends Omit<PartVersion, "isDecoded"> {
  readonly part: number;
}

/** What `message_edits` holds: all versions of edited parts. What was unsent is not kept, even if Messages still has it. */
export function storedVersions(parts: readonly PartHistory[]): readonly StoredVersion[] {
  return parts.filter(({ state }) => state === "edited").flatMap(({ part, versions }) =>
    versions.map(({ version, content, editedAtMs }) => ({ part, version, content, editedAtMs }))
  );
}

/** Never throws and never guesses, whatever the bytes are; time and memory are bounded. */
export function readEditHistory(messageSummaryInfo: Uint8Array): EditHistory {
  const plist = decodePlist(messageSummaryInfo);
  if (!plist.ok) return plist;
  if (!(plist.value instanceof Map)) return { ok: false, reason: "damaged" };
  return new HistoryReader().read(plist.value);
}

type Dictionary = ReadonlyMap<string, PlistValue>;

class HistoryReader {
  #undecodable = 0;
  #versionsLeft = MOST_VERSIONS;
  #bodyBytesLeft = MOST_BODY_BYTES;

  read(summary: Dictionary): EditHistory {
    const original = this.#partsOf(summary.get("otr"));
    const edited = this.#partsOf(summary.get("ec"));
    const unsent = this.#retracted(summary.get("rp"));
    const numbers = [...new Set([...original.keys(), ...edited.keys(), ...unsent])].sort((a, b) => a - b);
    const parts = numbers.map((part): PartHistory => ({
      part,
      state: unsent.has(part) ? "unsent" : edited.has(part) ? "edited" : "original",
      versions: edited.has(part) ? this.#versions(edited.get(part)) : [],
    }));
    // Of an original part there is nothing to tell, unless others of its message changed.
    const isChanged = edited.size > 0 || unsent.size > 0;
    return {
      ok: true,
      parts: isChanged ? parts : [],
      unsent: howMuch(original, unsent),
      undecodable: this.#undecodable,
    };
  }

  /** The entries of `otr` or `ec` by part; a missing one has none. */
  #partsOf(value: PlistValue | undefined): ReadonlyMap<number, PlistValue> {
    const parts = new Map<number, PlistValue>();
    if (value === undefined) return parts;
    if (!(value instanceof Map)) {
      this.#undecodable++;
      return parts;
    }
    for (const [key, entry] of value) {
      const part = /^(0|[1-9][0-9]{0,8})$/.test(key) ? Number(key) : null;
      if (part === null) this.#undecodable++;
      else parts.set(part, entry);
    }
    return parts;
  }

  #retracted(value: PlistValue | undefined): ReadonlySet<number> {
    const parts = new Set<number>();
    if (value === undefined) return parts;
    if (!isPlistArray(value)) {
      this.#undecodable++;
      return parts;
    }
    for (const part of value) {
      if (typeof part === "number" && Number.isInteger(part) && part >= 0 && part < 1e9) parts.add(part);
      else this.#undecodable++;
    }
    return parts;
  }

  #versions(value: PlistValue | undefined): readonly PartVersion[] {
    if (!isPlistArray(value)) {
      this.#undecodable++;
      return [];
    }
    const known = value.slice(0, this.#versionsLeft);
    this.#versionsLeft -= known.length;
    this.#undecodable += value.length - known.length;
    return known.map((entry, version) => this.#version(entry, version));
  }

  #version(entry: PlistValue, version: number): PartVersion {
    const fields: Dictionary = entry instanceof Map ? entry : new Map();
    const text = this.#text(fields.get("t"));
    if (text === null) this.#undecodable++;
    return {
      version,
      content: text === null || text === "" ? null : text,
      editedAtMs: timestampMs(fields.get("d")),
      isDecoded: text !== null,
    };
  }

  #text(body: PlistValue | undefined): string | null {
    if (!(body instanceof Uint8Array) || body.length > this.#bodyBytesLeft) return null;
    this.#bodyBytesLeft -= body.length;
    const decoded = decodeAttributedBody(body);
    return decoded.ok ? withoutPlaceholders(decoded.text) : null;
  }
}

function howMuch(original: ReadonlyMap<number, PlistValue>, unsent: ReadonlySet<number>): Unsent {
  if (unsent.size === 0) return "none";
  if (original.size === 0) return "unknown";
  return original.keys().every((part) => unsent.has(part)) ? "whole" : "part";
}

const MS_1970_TO_2001 = 978_307_200_000;
/** What a JavaScript date can hold. */
const LATEST_MS = 8.64e15;

/** `d` is seconds since 2001, with a fraction. 0 is unset, as in Messages' columns. */
function timestampMs(seconds: PlistValue | undefined): number | null {
  if (typeof seconds !== "number" || seconds === 0) return null;
  const ms = Math.round(seconds * 1000) + MS_1970_TO_2001;
  return Math.abs(ms) <= LATEST_MS ? ms : null;
}

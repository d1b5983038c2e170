/** Lists in pages: `next` is opaque to clients, here the key of the last row as base64url JSON. */
import { LiveSyncError } from "../../model/errors.ts";

/** A page as the contract has it; items are JSON texts made by SQLite. */
export interface Page {
  readonly items: readonly string[];
  readonly next: string | null;
}

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;

export type PageKey = readonly (string | number)[];

export function encodeKey(key: PageKey): string {
  return new TextEncoder().encode(JSON.stringify(key)).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Throws LiveSyncError `bad_request` when `text` is nothing that {@link encodeKey} gave for such a list. */
export function decodeKey(text: string, shape: readonly ("string" | "number")[]): PageKey {
  const refused = new LiveSyncError(
    "bad_request",
    "Cannot read `before`",
    "Give the `next` of the page before, as it came.",
  );
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(text, { alphabet: "base64url" })));
  } catch {
    throw refused;
  }
  if (!Array.isArray(value) || value.length !== shape.length) throw refused;
  return value.map((part: unknown, i) => {
    if (typeof part === "string" && shape[i] === "string") return part;
    if (Number.isSafeInteger(part) && typeof part === "number" && shape[i] === "number") return part;
    throw refused;
  });
}

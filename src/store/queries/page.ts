/** The opaque `next` of a list: the key of the page's last row as base64url JSON. */
import { LiveSyncError } from "../../model/errors.ts";
import type { ListAsk, Page } from "../../model/page.ts";
import { integer, text } from "../../sqlite/row.ts";
import type { Row } from "../../sqlite/sqlite.ts";

/**
 * A page of `rows`, which have the columns `id` and `key` (a JSON array) and are one more than were asked for where
 * another page follows.
 */
export function pageOf(rows: readonly Row[], ask: ListAsk, item: (id: number) => string): Page {
  const page = rows.slice(0, ask.limit);
  const last = rows.length > ask.limit ? page.at(-1) : undefined;
  return {
    items: page.map((row) => item(integer(row, "id"))),
    next: last === undefined ? null : encodeKey(text(last, "key")),
  };
}

/** `key`: a JSON array, best made by SQLite, since a name may hold what node:sqlite reads as its end (NUL). */
function encodeKey(key: string): string {
  return new TextEncoder().encode(key).toBase64({ alphabet: "base64url", omitPadding: true });
}

type Kinds = readonly ("string" | "number")[];
type Values<K extends Kinds> = { [I in keyof K]: K[I] extends "string" ? string : number };

/**
 * The values that `before` holds; null for the first page. Throws LiveSyncError `bad_request` when it is nothing that
 * such a list gave as `next`.
 */
export function decodeKey<const K extends Kinds>(before: string | null, kinds: K): Values<K> | null {
  if (before === null) return null;
  const value = parsed(before);
  if (!fits(value, kinds)) throw unreadable();
  return value;
}

/** Where a list that is ordered by date, then id goes on; `date` null: among the rows without one, which come last. */
interface DatePosition {
  readonly date: number | null;
  readonly id: number;
}

/** Above every date and id. */
const TOP = Number.MAX_SAFE_INTEGER;

/**
 * A page by date, then id, the newest first. `dated` gives rows below a position, with [date, id] as key; `undated`
 * those without a date, with [id]. They are two, because no index goes over both in this order. Throws LiveSyncError
 * `bad_request` where `before` is none.
 */
export function pageByDate(
  ask: ListAsk,
  dated: (at: { readonly date: number; readonly id: number; readonly limit: number }) => readonly Row[],
  undated: (at: { readonly id: number; readonly limit: number }) => readonly Row[],
  item: (id: number) => string,
): Page {
  const { date, id } = datePosition(ask.before);
  const limit = ask.limit + 1;
  const first = date === null ? [] : dated({ date, id, limit });
  if (first.length === limit) return pageOf(first, ask, item);
  const rest = undated({ id: date === null ? id : TOP, limit: limit - first.length });
  return pageOf([...first, ...rest], ask, item);
}

function datePosition(before: string | null): DatePosition {
  if (before === null) return { date: TOP, id: TOP };
  const value = parsed(before);
  if (fits(value, ["number", "number"])) return { date: value[0], id: value[1] };
  if (fits(value, ["number"])) return { date: null, id: value[0] };
  throw unreadable();
}

function unreadable(): LiveSyncError {
  return new LiveSyncError(
    "bad_request",
    "Cannot read `before`",
    "Give the `next` of the page before, as it came.",
  );
}

function parsed(before: string): unknown {
  try {
    const bytes = Uint8Array.fromBase64(before, { alphabet: "base64url" });
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    // No base64url, no UTF-8, no JSON: whatever it is, it does not come from us.
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

function fits<const K extends Kinds>(value: unknown, kinds: K): value is Values<K> {
  return Array.isArray(value) && value.length === kinds.length &&
    value.every((part: unknown, i) =>
      typeof part === kinds[i] && (typeof part !== "number" || Number.isSafeInteger(part))
    );
}

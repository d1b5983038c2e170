/** Contacts and their merges, as the API gives them. */
import { LiveSyncError } from "../../model/errors.ts";
import type { ContactsAsk, ListAsk, Page } from "../../model/page.ts";
import { text } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { decodeKey, pageOf } from "./page.ts";
import { searchPatterns } from "./search_pattern.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import contactsSql from "./contacts.sql" with { type: "text" };

const SQL = statementsOf(contactsSql, [
  "contacts",
  "contact",
  "merges",
  "merge",
]);

/**
 * Contacts by name, then those that have none, by number or address: with many unknown senders the people whom one knows
 * would stand far below. Throws LiveSyncError `bad_request` for a `before` that is none.
 */
export function listContacts(db: Connection, ask: ContactsAsk): Page {
  const at = decodeKey(ask.before, ["number", "string", "number"]) ?? [0, "", -1];
  const { words, number } = ask.query === null || ask.query.trim() === ""
    ? { words: null, number: null }
    : searchPatterns(ask.query);
  const page = ([nameless, name, id]: readonly [number, string, number], limit: number) =>
    db.prepare(SQL.contacts).all({ nameless, name, id, words, number, limit });
  const limit = ask.limit + 1;
  const rows = page([at[0], at[1], at[2]], limit);
  if (at[0] === 0 && rows.length < limit) rows.push(...page([1, "", -1], limit - rows.length));
  return pageOf(rows, ask, (contact) => contactItem(db, contact));
}

/** Merges of contacts, the newest first. Throws LiveSyncError `bad_request` for a `before` that is none. */
export function listMerges(db: Connection, ask: ListAsk): Page {
  const [before] = decodeKey(ask.before, ["number"]) ?? [Number.MAX_SAFE_INTEGER];
  const rows = db.prepare(SQL.merges).all({ before, limit: ask.limit + 1 });
  return pageOf(rows, ask, (merge) => mergeItem(db, merge));
}

/** One contact, merged away or not, as JSON. Throws LiveSyncError `not_found`. */
export function contactItem(db: Connection, id: number): string {
  const row = db.prepare(SQL.contact).get({ id });
  if (row !== undefined) return text(row, "item");
  throw new LiveSyncError(
    "not_found",
    `Contact ${id} not found`,
    "GET /api/v1/contacts gives their ids.",
  );
}

/** One merge, undone or not, as JSON. Throws LiveSyncError `not_found`. */
export function mergeItem(db: Connection, id: number): string {
  const row = db.prepare(SQL.merge).get({ id });
  if (row !== undefined) return text(row, "item");
  throw new LiveSyncError(
    "not_found",
    `Merge ${id} not found`,
    "GET /api/v1/contacts/merges lists them.",
  );
}

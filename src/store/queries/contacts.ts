/** Contacts and their merges, as the API lists them. */
import { integer, text } from "../../platform/row.ts";
import type { Connection } from "../../platform/sqlite.ts";
import contactMergesSql from "./contact_merges.sql" with { type: "text" };
import contactsSql from "./contacts.sql" with { type: "text" };
import { decodeKey, encodeKey, type Page } from "./page.ts";

export interface ContactsAsk {
  /** Part of a name, nickname, organisation, number or address; null: all. */
  readonly query: string | null;
  readonly limit: number;
  readonly before: string | null;
}

/** Contacts by name. Throws LiveSyncError `bad_request` for a `before` that is none. */
export function listContacts(db: Connection, ask: ContactsAsk): Page {
  const [name = "", id = -1] = ask.before === null ? [] : decodeKey(ask.before, ["string", "number"]);
  const like = ask.query === null ? null : `%${ask.query.replace(/[\\%_]/g, "\\$&")}%`;
  const rows = db.prepare(contactsSql).all({ name, id, like, limit: ask.limit + 1 });
  const page = rows.slice(0, ask.limit);
  const last = rows.length > ask.limit ? page.at(-1) : undefined;
  return {
    items: page.map((row) => text(row, "item")),
    next: last === undefined ? null : encodeKey([text(last, "name"), integer(last, "id")]),
  };
}

/** Merges of contacts, the newest first. Throws LiveSyncError `bad_request` for a `before` that is none. */
export function listMerges(
  db: Connection,
  ask: { readonly limit: number; readonly before: string | null },
): Page {
  const [before = Number.MAX_SAFE_INTEGER] = ask.before === null ? [] : decodeKey(ask.before, ["number"]);
  const rows = db.prepare(contactMergesSql).all({ before, limit: ask.limit + 1 });
  const page = rows.slice(0, ask.limit);
  const last = rows.length > ask.limit ? page.at(-1) : undefined;
  return {
    items: page.map((row) => text(row, "item")),
    next: last === undefined ? null : encodeKey([integer(last, "id")]),
  };
}

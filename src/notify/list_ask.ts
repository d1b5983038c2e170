/** What the query of a list says: `limit`, `before`, and for contacts `query`. Pure; other parameters are ignored. */
import { LiveSyncError } from "../model/errors.ts";
import { type ContactsAsk, DEFAULT_LIMIT, type ListAsk, MAX_LIMIT } from "../model/page.ts";

/** In UTF-16 units; no name, number or address is as long. */
const MAX_QUERY_LENGTH = 200;

/** Throws LiveSyncError `bad_request`. A `limit` above what one page holds is taken as that: `next` leads on. */
export function listAsk(query: URLSearchParams): ListAsk {
  const limit = query.get("limit");
  if (limit !== null && !/^[1-9]\d{0,8}$/.test(limit)) {
    throw badRequest("Cannot read `limit`", `Give a whole number from 1 to ${MAX_LIMIT}.`);
  }
  return {
    limit: limit === null ? DEFAULT_LIMIT : Math.min(Number(limit), MAX_LIMIT),
    before: query.get("before"),
  };
}

/** Throws LiveSyncError `bad_request`. */
export function contactsAsk(query: URLSearchParams): ContactsAsk {
  const text = query.get("query");
  // SQLite takes a NUL for the pattern's end, and would find what begins with the rest.
  if (text !== null && (text.length > MAX_QUERY_LENGTH || text.includes("\0"))) {
    throw badRequest("Cannot read `query`", `Give at most ${MAX_QUERY_LENGTH} characters, without NUL.`);
  }
  return { ...listAsk(query), query: text };
}

export function badRequest(message: string, hint: string): LiveSyncError {
  return new LiveSyncError("bad_request", message, hint);
}

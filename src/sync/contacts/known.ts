/** What the decision needs of our own tables, in its own words. */
import { LiveSyncError } from "../../model/errors.ts";
import type {
  Card,
  CardIdentifier,
  IdentifierType,
  KnownContact,
  KnownIdentifier,
  KnownMerge,
  NameSource,
  Veto,
} from "../../model/contact.ts";
import { integer, integerOrNull, text, textOrNull } from "../../sqlite/row.ts";
import type { Connection, Row } from "../../sqlite/sqlite.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import knownSql from "./sql/known.sql" with { type: "text" };

const SQL = statementsOf(knownSql, [
  "cards",
  "contacts",
  "identifiers",
  "merges",
]);

/** So many cards are loaded in one turn of the event loop: about 4 ms. */
const SLICE = 400;

/** Every card, a slice at a time: the caller may give the event loop its turn in between. */
export function* loadCards(db: Connection): Generator<readonly Card[]> {
  let after = 0;
  while (true) {
    const cards = db.prepare(SQL.cards).all({ after, limit: SLICE }).map(cardOf);
    const last = cards.at(-1);
    if (last === undefined) return;
    after = last.id;
    yield cards;
  }
}

export function loadIdentifiers(db: Connection): KnownIdentifier[] {
  return db.prepare(SQL.identifiers).all().map((row) => ({
    id: integer(row, "id"),
    type: identifierType(text(row, "type")),
    identifier: text(row, "identifier"),
    contactId: integer(row, "contact_id"),
    originId: integer(row, "origin_contact_id"),
    isShared: integer(row, "is_shared") === 1,
  }));
}

export function loadContacts(db: Connection): KnownContact[] {
  return db.prepare(SQL.contacts).all().map((row) => ({
    id: integer(row, "id"),
    name: text(row, "name"),
    nameSource: nameSource(text(row, "name_source")),
    nickname: textOrNull(row, "nickname"),
    organization: textOrNull(row, "organization"),
    isMe: integer(row, "is_me") === 1,
    userName: textOrNull(row, "user_name"),
  }));
}

/** Merges that stand, and those that a person took back. */
export function loadMerges(
  db: Connection,
): { readonly merges: readonly KnownMerge[]; readonly vetoes: readonly Veto[] } {
  const rows = db.prepare(SQL.merges).all().map((row) => ({
    id: integer(row, "id"),
    fromId: integer(row, "from_id"),
    intoId: integer(row, "into_id"),
    stands: integer(row, "stands") === 1,
  }));
  const merges = rows.filter((row) => row.stands).map(({ id, fromId, intoId }) => ({ id, fromId, intoId }));
  const vetoes = rows.filter((row) => !row.stands).map(({ fromId, intoId }) => ({ fromId, intoId }));
  return { merges, vetoes };
}

function cardOf(row: Row): Card {
  return {
    id: integer(row, "id"),
    uniqueId: text(row, "unique_id"),
    linkId: textOrNull(row, "link_id"),
    isMe: integer(row, "is_me") === 1,
    name: textOrNull(row, "name"),
    nickname: textOrNull(row, "nickname"),
    organization: textOrNull(row, "organization"),
    preferredForName: integer(row, "preferred_for_name") === 1,
    modifiedMs: integerOrNull(row, "modified_at"),
    identifiers: cardIdentifiers(text(row, "identifiers")),
  };
}

function cardIdentifiers(json: string): CardIdentifier[] {
  const value: unknown = JSON.parse(json);
  if (!Array.isArray(value)) throw unexpected("identifiers");
  return value.map((item: unknown) => {
    const [type, identifier, national]: unknown[] = Array.isArray(item) ? item : [];
    if (typeof type !== "string" || typeof identifier !== "string") throw unexpected("identifiers");
    return {
      type: identifierType(type),
      identifier,
      national: typeof national === "string" ? national : null,
    };
  });
}

function identifierType(word: string): IdentifierType {
  if (word === "phone" || word === "email" || word === "other") return word;
  throw unexpected("type");
}

function nameSource(word: string): NameSource {
  switch (word) {
    case "me":
    case "identifier":
    case "addressbook":
    case "addressbook_gone":
    case "user":
      return word;
    default:
      throw unexpected("name_source");
  }
}

function unexpected(column: string): LiveSyncError {
  return new LiveSyncError("unexpected_column", `Cannot read ${column} as one of the words it may hold`);
}

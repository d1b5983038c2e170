/** Reading one store of the AddressBook: raw cards, one by one. */
import { LiveSyncError } from "../model/errors.ts";
import type { NameOrder, RawCard } from "../model/raw_card.ts";
import { text } from "../sqlite/row.ts";
import { type Connection, openDatabase } from "../sqlite/sqlite.ts";
import { inspectSource } from "./source_files.ts";
import { storeError, storeObstacle, unknownShape } from "./store_failure.ts";
import { createStoreViews } from "./store_views.ts";
import { statementsOf } from "../sqlite/statements.ts";
import cardsSql from "./cards.sql" with { type: "text" };

const SQL = statementsOf(cardsSql, [
  "cards",
  "details",
]);

/** Grows while the cards are read. */
export interface StoreCounts {
  cards: number;
  /** Cards without a unique id, or with one that another card of the store has: they get one of their own. */
  idsMade: number;
  /** Values of another type than they should have; each is taken for empty. */
  oddValues: number;
}

export interface StoreReading {
  /**
   * Every card of one moment, ordered as it was made. The caller may leave the event loop its turn between two of them;
   * while it is not at its end, Contacts can't begin its WAL anew. Throws as {@link readStore} does.
   */
  readonly cards: IterableIterator<RawCard>;
  readonly counts: Readonly<StoreCounts>;
}

/** Opens the store at `path`, read-only. Throws LiveSyncError as {@link readStore} does, and `contacts_missing`. */
export function openStore(path: string): Connection {
  const seen = inspectSource(path);
  if (seen.kind !== "present") throw storeObstacle(seen, path);
  try {
    return openDatabase(path, { readOnly: true });
  } catch (error) {
    throw storeError(error, path);
  }
}

/**
 * Begins to read a store that {@link openStore} opened.
 *
 * Throws LiveSyncError `contacts_unknown_shape` (tables, columns or entities of Contacts are not there), `contacts_damaged`,
 * `contacts_locked`, `contacts_forbidden`, `contacts_unreadable`.
 */
export function readStore(db: Connection): StoreReading {
  const counts: StoreCounts = { cards: 0, idsMade: 0, oddValues: 0 };
  try {
    const lacking = createStoreViews(db);
    if (lacking.length > 0) throw unknownShape(db.path, lacking);
    if (!hasContacts(db)) throw unknownShape(db.path, ["entity ABCDContact"]);
  } catch (error) {
    throw storeError(error, db.path);
  }
  return { cards: rawCards(db, counts), counts };
}

/** Entity numbers differ between models; the names do not. */
export function hasContacts(db: Connection): boolean {
  return db.prepare("SELECT 1 FROM temp.card_entity WHERE entity_name = 'ABCDContact'").get() !== undefined;
}

/** Of SQLite's integers, so that no card comes before it. */
const LOWEST_KEY = -(2n ** 63n);
/** Cards that are fetched together: about 3 ms. */
const CARDS_AT_ONCE = 250;

/** In slices, not row by row: an iteration that meets a damaged page ends without an error. */
function* rawCards(db: Connection, counts: StoreCounts): IterableIterator<RawCard> {
  const taken = new Set<string>();
  try {
    db.exec("BEGIN");
    db.exec(SQL.details);
    let after = LOWEST_KEY;
    while (true) {
      const rows = db.prepare(SQL.cards).all({ after: after, limit: CARDS_AT_ONCE });
      for (const row of rows) {
        const { record, card, odd } = parsedCard(text(row, "card"));
        after = BigInt(record);
        const uniqueId = freeId(card.uniqueId, record, taken);
        taken.add(uniqueId);
        counts.cards++;
        counts.oddValues += odd;
        if (uniqueId !== card.uniqueId) counts.idsMade++;
        yield { ...card, uniqueId };
      }
      if (rows.length < CARDS_AT_ONCE) return;
    }
  } catch (error) {
    throw storeError(error, db.path);
  } finally {
    if (db.inTransaction) db.exec("ROLLBACK");
  }
}

/** The order is that of `cards.sql`. */
function parsedCard(json: string): { readonly record: string; readonly card: RawCard; readonly odd: number } {
  const values = list(JSON.parse(json));
  const [record, words, isCompany, nameOrder, isMe, preferredForName, modifiedMs, phones, emails, odd] =
    values;
  const [uniqueId, linkId, firstName, middleName, lastName, nickname, organization] = list(words).map(word);
  const card: RawCard = {
    uniqueId: uniqueId ?? "",
    linkId: linkId ?? null,
    isMe: isMe === 1,
    isCompany: isCompany === 1,
    nameOrder: NAME_ORDERS.get(Number(nameOrder)) ?? null,
    firstName: firstName ?? null,
    middleName: middleName ?? null,
    lastName: lastName ?? null,
    nickname: nickname ?? null,
    organization: organization ?? null,
    preferredForName: preferredForName === 1,
    modifiedMs: typeof modifiedMs === "number" ? modifiedMs : null,
    phones: list(phones).map(word).filter((phone) => phone !== null),
    emails: list(emails).map(word).filter((email) => email !== null),
  };
  return { record: String(record), card, odd: Number(odd) };
}

/** `ZDISPLAYFLAGS & 56`. */
const NAME_ORDERS: ReadonlyMap<number, NameOrder> = new Map([
  [32, "first_name_first"],
  [16, "last_name_first"],
]);

/** The card's own id, or one made of its key: two cards of one id would overwrite each other in our mirror. */
function freeId(id: string, record: string, taken: ReadonlySet<string>): string {
  const bare = id.replace(/[\p{Cc}\p{Cs}]/gu, "");
  return bare === "" || taken.has(bare) ? `${bare}#${record}` : bare;
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new LiveSyncError("unexpected_column", "Cannot read a card as a list of values");
}

function word(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/**
 * Cards of the AddressBook's stores in tables of our own, so that matching never waits for a store, and a store that
 * can't be read now takes nobody away. Every method runs inside a transaction of the caller.
 *
 *   begin(store) ─▶ put(cards) … put(cards) ─▶ finish(token)
 *
 * A reading that is cut off leaves the old token, so the store is read again.
 */
import type { RawCard } from "../../model/raw_card.ts";
import { integer, text, textOrNull } from "../../sqlite/row.ts";
import type { Connection, SqlParams } from "../../sqlite/sqlite.ts";
import { readCard } from "../../people/card.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import mirrorSql from "./sql/mirror.sql" with { type: "text" };

const SQL = statementsOf(mirrorSql, [
  "putCard",
  "forgetUnseenIdentifiers",
  "forgetUnseenCards",
  "putStore",
]);

export interface MirroredStore {
  readonly id: number;
  readonly path: string;
  /** What the store's files looked like when it was last read in full; null: never. */
  readonly token: string | null;
}

export class CardMirror {
  readonly #db: Connection;
  constructor(db: Connection) {
    this.#db = db;
  }

  stores(): MirroredStore[] {
    return this.#db.prepare("SELECT id, path, token FROM main.address_book_stores ORDER BY path").all().map((
      row,
    ) => ({
      id: integer(row, "id"),
      path: text(row, "path"),
      token: textOrNull(row, "token"),
    }));
  }

  /** Gives the store's id. */
  begin(path: string): number {
    this.#run(SQL.putStore, { path });
    this.#run("DELETE FROM temp.seen_card");
    const row = this.#db.prepare("SELECT id FROM main.address_book_stores WHERE path = :path").get({ path });
    return integer(row ?? {}, "id");
  }

  /** Gives how many cards differ from what was mirrored. */
  put(store: number, cards: readonly RawCard[], region: string | null): number {
    let changed = 0;
    for (const raw of cards) {
      const known = this.#db.prepare(
        "SELECT id, raw FROM main.address_book_cards WHERE store_id = :store AND unique_id = :unique",
      ).get({ store, unique: raw.uniqueId });
      const now = JSON.stringify([region, raw]);
      const same = known !== undefined && known["raw"] === now;
      const id = same ? integer(known, "id") : this.#write(store, raw, now, region);
      if (!same) changed++;
      this.#run("INSERT OR IGNORE INTO temp.seen_card (id) VALUES (:id)", { id });
    }
    return changed;
  }

  /** All cards were put: the others are gone. Gives how many. */
  finish(store: number, token: string, nowMs: number): number {
    const gone = this.#forgetUnseen(store);
    this.#run("UPDATE main.address_book_stores SET token = :token, read_at = :now WHERE id = :store", {
      store,
      token,
      now: nowMs,
    });
    return gone;
  }

  /** It could not be read: it is tried again, also if nothing about its files moves. */
  distrust(path: string): void {
    this.#run("UPDATE main.address_book_stores SET token = NULL WHERE path = :path", { path });
  }

  /** The store itself is gone. Gives how many cards went with it. */
  forget(store: number): number {
    this.#run("DELETE FROM temp.seen_card");
    const gone = this.#forgetUnseen(store);
    this.#run("DELETE FROM main.address_book_stores WHERE id = :store", { store });
    return gone;
  }

  #forgetUnseen(store: number): number {
    this.#run(SQL.forgetUnseenIdentifiers, { store });
    return this.#run(SQL.forgetUnseenCards, { store });
  }

  #write(store: number, raw: RawCard, json: string, region: string | null): number {
    const card = readCard(raw, region);
    const row = this.#db.prepare(SQL.putCard).get({
      store,
      unique_id: raw.uniqueId,
      link_id: card.linkId,
      is_me: card.isMe ? 1 : 0,
      name: card.name,
      nickname: card.nickname,
      organization: card.organization,
      preferred_for_name: card.preferredForName ? 1 : 0,
      modified_at: card.modifiedMs === null ? null : Math.round(card.modifiedMs),
      raw: json,
    });
    const id = integer(row ?? {}, "id");
    this.#run("DELETE FROM main.address_book_identifiers WHERE card_id = :id", { id });
    for (const { type, identifier, national } of card.identifiers) {
      this.#run(
        "INSERT INTO main.address_book_identifiers (card_id, type, identifier, national) VALUES (:id, :type, :identifier, :national)",
        { id, type, identifier, national },
      );
    }
    return id;
  }

  #run(sql: string, params: SqlParams = {}): number {
    return this.#db.prepare(sql).run(params).changes;
  }
}

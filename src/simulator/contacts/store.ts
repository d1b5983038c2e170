import { LiveSyncError } from "../../model/errors.ts";
import { integer } from "../../sqlite/row.ts";
import { type Connection, openDatabase } from "../../sqlite/sqlite.ts";
import type { SeededRandom } from "../random.ts";
import schema from "../schema/addressbook.sql" with { type: "text" };
import { TableWriter } from "../table_writer.ts";
import { entities, type EntityName, shiftedSchema } from "./entities.ts";

/** How long Contacts waits for the disk at a commit. */
export type StoreSynchronous = "full" | "normal" | "off";

export interface StoreOptions {
  readonly synchronous: StoreSynchronous;
}

const SYNCHRONOUS: Readonly<Record<StoreSynchronous, string>> = {
  full: "PRAGMA synchronous = FULL",
  normal: "PRAGMA synchronous = NORMAL",
  off: "PRAGMA synchronous = OFF",
};

/** Makes a new store, with its container and nothing in the WAL. Throws `store_exists`. */
export function createStore(
  path: string,
  options: StoreOptions & { readonly entityShift: number; readonly random: SeededRandom },
): AddressBookStore {
  const db = openForWriting(path, options);
  try {
    if (db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get()) {
      throw new LiveSyncError("store_exists", `Cannot make an AddressBook: the file has tables: ${path}`);
    }
    db.transaction(() => fill(db, options.entityShift, options.random));
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return new AddressBookStore(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

export function openStoreForWriting(path: string, options: StoreOptions): AddressBookStore {
  return new AddressBookStore(openForWriting(path, options));
}

/** Kept open and never checkpointed by itself: an edit moves nothing but the WAL, as with Contacts. */
function openForWriting(path: string, options: StoreOptions): Connection {
  const db = openDatabase(path, { busyTimeoutMs: 5_000 });
  db.exec("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;");
  db.exec(SYNCHRONOUS[options.synchronous]);
  return db;
}

function fill(db: Connection, entityShift: number, random: SeededRandom): void {
  db.exec(shiftedSchema(schema, entityShift));
  const tables = new TableWriter(db);
  for (const { name, number, superNumber } of entities(entityShift)) {
    tables.insert("Z_PRIMARYKEY", { Z_ENT: number, Z_NAME: name, Z_SUPER: superNumber, Z_MAX: 0 });
  }
  tables.insert("Z_METADATA", { Z_VERSION: 1, Z_UUID: random.uuid() });
  const store = new AddressBookStore(db);
  const container = store.nextKey("ABCDRecord");
  const info = store.nextKey("ABCDRecord");
  const group = store.nextKey("ABCDRecord");
  const record = (key: number, entity: EntityName, kind: string) => ({
    Z_PK: key,
    Z_ENT: store.entity(entity),
    Z_OPT: 1,
    ZUNIQUEID: `${random.uuid()}:${kind}`,
  });
  tables.insert("ZABCDRECORD", {
    ...record(container, "CNCDContainer", "ABContainer"),
    ZNAME1: "card",
    ZINFO: info,
  });
  tables.insert("ZABCDRECORD", { ...record(info, "ABCDInfo", "ABInfo"), ZCONTAINER2: container });
  // A group has a name too, and is nobody.
  tables.insert("ZABCDRECORD", {
    ...record(group, "ABCDGroup", "ABGroup"),
    ZCONTAINER: container,
    ZNAME: "Book club",
  });
}

/** One open `AddressBook-v22.abcddb`. */
export class AddressBookStore implements Disposable {
  readonly tables: TableWriter;
  readonly #numbers = new Map<EntityName, number>();

  constructor(readonly db: Connection) {
    this.tables = new TableWriter(db);
  }

  /** Number of the entity in this store's model. */
  entity(name: EntityName): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const row = this.db.prepare("SELECT Z_ENT FROM Z_PRIMARYKEY WHERE Z_NAME = :name").get({ name });
    if (!row) throw new LiveSyncError("no_such_row", `Cannot go on: the store has no entity ${name}`);
    const number = integer(row, "Z_ENT");
    this.#numbers.set(name, number);
    return number;
  }

  /** A key that was never given; Core Data counts them by the topmost entity. */
  nextKey(root: "ABCDRecord" | "ABCDPhoneNumber" | "ABCDEmailAddress" | "ABCDDeletedRecordLog"): number {
    const row = this.db.prepare(
      "UPDATE Z_PRIMARYKEY SET Z_MAX = Z_MAX + 1 WHERE Z_NAME = :root RETURNING Z_MAX",
    ).get({ root });
    if (!row) throw new LiveSyncError("no_such_row", `Cannot go on: the store has no entity ${root}`);
    return integer(row, "Z_MAX");
  }

  /** Key of the container that every card of the store is in. */
  container(): number {
    const row = this.db.prepare("SELECT min(Z_PK) AS key FROM ZABCDRECORD WHERE Z_ENT = :entity").get({
      entity: this.entity("CNCDContainer"),
    });
    return row ? integer(row, "key") : 0;
  }

  /** The name of `Z22_OWNER` in this store's model. */
  ownerColumn(): string {
    return `Z${this.entity("ABCDContact")}_OWNER`;
  }

  /** Closes it; as the last connection it copies the WAL and takes it away. */
  [Symbol.dispose](): void {
    this.db.close();
  }
}

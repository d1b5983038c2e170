import { LiveSyncError } from "../model/errors.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import type { Connection } from "../sqlite/sqlite.ts";
import { breakStoreFile } from "./contacts/broken.ts";
import { type CardContext, insertCard, removeCard, updateCard } from "./contacts/cards.ts";
import type * as inputs from "./contacts/inputs.ts";
import {
  type AddressBookStore,
  createStore,
  openStoreForWriting,
  type StoreSynchronous,
} from "./contacts/store.ts";
import { checkpoint } from "./operations/checkpoint.ts";
import type { CheckpointResult } from "./operations/results.ts";
import { SeededRandom } from "./random.ts";

export interface ContactsAppOptions {
  /** Where dates come from when an operation names none. Default: the system's. */
  readonly clock?: Clock;
  /** Where UUIDs come from. Default: seed 1. */
  readonly random?: SeededRandom;
  /** How far the entity numbers of new stores are from today's model. Default 0. */
  readonly entityShift?: number;
  /** Default `normal`. */
  readonly synchronous?: StoreSynchronous;
}

/** The store "On My Mac"; all others are called by the UUID of their folder. */
export const ROOT_STORE = "root";
const STORE_FILE = "AddressBook-v22.abcddb";

/** Where the simulated app, and Contacts, keep a store. Exported for its test. */
export function storePath(folder: string, store: string): string {
  return store === ROOT_STORE ? `${folder}/${STORE_FILE}` : `${folder}/Sources/${store}/${STORE_FILE}`;
}

/**
 * A simulated Contacts app over an AddressBook's folder, which it makes with an empty root store where there is none.
 * Each operation is one commit in each store that it touches. All stores stay open until it is disposed, and none is
 * checkpointed but by {@link checkpoint}, so that an edit moves a store's `-wal` alone.
 *
 * The inputs are documented in `contacts/inputs.ts`.
 */
export class ContactsApp implements Disposable {
  readonly #stores = new Map<string, AddressBookStore>();
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #entityShift: number;
  readonly #synchronous: StoreSynchronous;

  constructor(readonly folder: string, options: ContactsAppOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? new SeededRandom(1);
    this.#entityShift = options.entityShift ?? 0;
    this.#synchronous = options.synchronous ?? "normal";
    Deno.mkdirSync(`${folder}/Sources`, { recursive: true });
    const known = [...Deno.readDirSync(`${folder}/Sources`)].map(({ name }) => name).sort();
    for (const store of [ROOT_STORE, ...known]) this.#openIfThere(store);
    if (!exists(storePath(folder, ROOT_STORE))) this.addStore({ store: ROOT_STORE });
  }

  /** Names of the stores that are open, the root store first. */
  get stores(): readonly string[] {
    return [...this.#stores.keys()].sort((a, b) =>
      Number(b === ROOT_STORE) - Number(a === ROOT_STORE) || (a < b ? -1 : 1)
    );
  }

  /** Makes one commit of all operations in `work` on `store`. */
  inOneCommit<T>(store: string, work: () => T): T {
    const { db } = this.#store(store);
    return db.inTransaction ? work() : db.transaction(work);
  }

  /** Somebody added an account. Throws `store_exists`. */
  addStore(input: inputs.NewStore): inputs.WrittenStore {
    const store = input.store ?? this.#random.uuid();
    const path = storePath(this.folder, store);
    if (this.#stores.has(store)) {
      throw new LiveSyncError("store_exists", `Cannot add a store: there is one of this name: ${store}`);
    }
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    const made = createStore(path, {
      synchronous: this.#synchronous,
      entityShift: input.entityShift ?? this.#entityShift,
      random: this.#random,
    });
    this.#stores.set(store, made);
    return { store, path };
  }

  addCard(input: inputs.NewCard): inputs.WrittenCard {
    return this.inOneCommit(input.store, () => {
      const written = insertCard(this.#context(input.store), input);
      return { store: input.store, ...written };
    });
  }

  /** Changes the fields that are named. */
  editCard(input: inputs.CardEdit): inputs.WrittenCard {
    return this.inOneCommit(input.store, () => {
      const record = updateCard(this.#context(input.store), input);
      return { store: input.store, uniqueId: input.uniqueId, record };
    });
  }

  deleteCard({ store, uniqueId }: inputs.CardRef): inputs.WrittenCard {
    return this.inOneCommit(store, () => {
      const record = removeCard(this.#context(store), uniqueId);
      return { store, uniqueId, record };
    });
  }

  /** Makes one person of the cards, as "Link Cards" does. */
  linkCards(input: inputs.LinkInput): inputs.Linked {
    const linkId = input.linkId ?? this.#random.uuid();
    for (const card of input.cards) this.editCard({ ...card, linkId });
    return { linkId };
  }

  checkpoint({ store, mode }: inputs.CheckpointInput): CheckpointResult {
    return checkpoint(this.#store(store).db, mode);
  }

  /** Leaves a file that can't be read as a store. It is closed first, and stays closed. */
  breakStore({ store, how }: inputs.BreakInput): inputs.WrittenStore {
    this.#close(store);
    const path = storePath(this.folder, store);
    breakStoreFile(path, how);
    return { store, path };
  }

  /** Somebody removed the account: its folder is gone (of the root store, its files). */
  removeStore({ store }: inputs.StoreRef): inputs.WrittenStore {
    this.#close(store);
    const path = storePath(this.folder, store);
    if (store !== ROOT_STORE) Deno.removeSync(`${this.folder}/Sources/${store}`, { recursive: true });
    else for (const side of ["", "-wal", "-shm"]) removeIfThere(path + side);
    return { store, path };
  }

  /** The open store, for odd cases. */
  db(store: string): Connection {
    return this.#store(store).db;
  }

  [Symbol.dispose](): void {
    for (const store of [...this.#stores.keys()]) this.#close(store);
  }

  #store(store: string): AddressBookStore {
    const found = this.#stores.get(store);
    if (found) return found;
    throw new LiveSyncError("no_such_store", `Cannot go on: there is no open store of this name: ${store}`);
  }

  #context(store: string): CardContext {
    return { store: this.#store(store), random: this.#random, nowMs: this.#clock.now() };
  }

  #openIfThere(store: string): void {
    const path = storePath(this.folder, store);
    if (!exists(path)) return;
    this.#stores.set(store, openStoreForWriting(path, { synchronous: this.#synchronous }));
  }

  #close(store: string): void {
    this.#stores.get(store)?.[Symbol.dispose]();
    this.#stores.delete(store);
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}

function removeIfThere(path: string): void {
  if (exists(path)) Deno.removeSync(path);
}

/**
 * The files that figures stand on: filled chat.db's and what an import made of them, each made once and then copied.
 *
 * Files are copied only while nobody has them open: a file that is opened and closed by hand beside SQLite loses
 * SQLite's locks.
 */
import { createChatDatabase } from "../../src/simulator/chat_database.ts";
import { populate } from "../../src/simulator/populate.ts";
import { handleAddresses, populateContacts } from "../simulator/support/populate_contacts.ts";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { Sidecar } from "./sidecar.ts";

/** A folder with one source and one database of ours, which may not be there yet. */
export interface Place {
  readonly messagesDb: string;
  readonly database: string;
}

export interface AddressBook {
  readonly folder: string;
  /** Addresses of the chat.db's handles. */
  readonly handles: readonly string[];
  /** As the simulated Contacts app calls them. */
  readonly stores: readonly string[];
}

/** Of most figures. */
const CHATS = 200;

export class Ground implements Disposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "chatstats-bench-" });
  readonly #filled = new Map<string, string>();
  readonly #imported = new Map<string, Place>();
  #places = 0;

  /** Nothing there yet. */
  newPlace(): Place {
    const folder = `${this.#folder}/${++this.#places}`;
    Deno.mkdirSync(folder);
    // instance.json and the lock stand beside the database: one folder for each.
    return { messagesDb: `${folder}/chat.db`, database: `${folder}/ours/chatstats.db` };
  }

  /** Path of a chat.db with so many messages in so many chats; only read it. */
  filled(messages: number, chats = CHATS): string {
    const known = this.#filled.get(`${messages} in ${chats}`);
    if (known !== undefined) return known;
    const { messagesDb } = this.newPlace();
    {
      using db = createChatDatabase(messagesDb, { release: "macos15", synchronous: "normal" });
      populate(db, { messages, chats });
    }
    this.#filled.set(`${messages} in ${chats}`, messagesDb);
    return messagesDb;
  }

  /** Our own file beside the filled one, not there yet. */
  unimported(messages: number, chats = CHATS): Place {
    return { ...this.newPlace(), messagesDb: this.filled(messages, chats) };
  }

  /** Hands over what an import made, so that it need not be made again. */
  keepImported(messages: number, place: Place, chats = CHATS): void {
    this.#imported.set(`${messages} in ${chats}`, place);
  }

  /** A copy of source and database with so many messages imported; write to it as you like. */
  async imported(messages: number, chats = CHATS): Promise<Place> {
    const from = this.#imported.get(`${messages} in ${chats}`) ?? await this.#import(messages, chats);
    const to = this.newPlace();
    Deno.mkdirSync(to.database.slice(0, to.database.lastIndexOf("/")));
    for (const name of ["messagesDb", "database"] as const) {
      refuseUncheckpointed(from[name]);
      Deno.copyFileSync(from[name], to[name]);
    }
    return to;
  }

  async #import(messages: number, chats: number): Promise<Place> {
    const place = this.unimported(messages, chats);
    await using sidecar = await Sidecar.start(place);
    await sidecar.live;
    this.keepImported(messages, place, chats);
    return place;
  }

  /** An AddressBook of so many cards in three stores, of people who write in this chat.db and of others. */
  addressBook(place: Place, cards: number): AddressBook {
    const folder = `${place.database.slice(0, place.database.lastIndexOf("/ours/"))}/AddressBook`;
    using chatDb = openDatabase(place.messagesDb, { readOnly: true });
    const handles = handleAddresses(chatDb);
    const { stores } = populateContacts({ folder, handles, cards });
    return { folder, handles, stores };
  }

  /** Takes the copy's folder away again: large ones add up. */
  drop(place: Place): void {
    Deno.removeSync(place.database.slice(0, place.database.lastIndexOf("/ours/")), { recursive: true });
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

function refuseUncheckpointed(path: string): void {
  const wal = stat(`${path}-wal`);
  if (wal !== null && wal.size > 0) throw new Error(`Cannot copy ${path}: its WAL still holds something`);
}

function stat(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Brings the stores whose token moved into the mirror. A store that can't be read holds up no other, and nobody of it is
 * forgotten; one that is gone while its folder can be listed takes its cards along.
 */
import { LiveSyncError } from "../../model/errors.ts";
import { FULL_DISK_ACCESS } from "../../platform/full_disk_access.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { discoverStores, storeToken } from "../../source/address_book.ts";
import { openStore, readStore } from "../../source/cards.ts";
import { examineStore } from "../../source/examine.ts";
import { STATE_KEYS, type StateStore } from "../../store/state.ts";
import { CardMirror } from "./mirror.ts";
import { slices } from "../pacing.ts";

export interface StoreReaderPorts {
  readonly db: Connection;
  readonly state: StateStore;
  /** The AddressBook's folder. */
  readonly folder: string;
  /** What to do when the system does not let us read it. */
  readonly permissionHint?: string;
  /** Two-letter region of numbers without a country code; null: not known. */
  readonly region: () => string | null;
  /** Gives the event loop its turn and waits until nobody else writes. */
  readonly turn: () => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called at the named steps, where a test may cut the power. */
  readonly probe: (label: string) => void;
}

/** What the AddressBook and each of its stores was found to be. */
export interface StoreState {
  readonly path: string;
  readonly state: "ok" | "missing" | "needs_permission" | "failed";
  readonly reason: string;
  readonly hint: string;
}

export interface Reading {
  /** Whether the folder could be listed. */
  readonly found: boolean;
  readonly stores: readonly StoreState[];
  /** Cards that came, changed or went. */
  readonly cardsChanged: number;
  /** Values that were of another kind than they should be, and cards whose id had to be made. */
  readonly oddValues: number;
}

/** Cards per transaction: reading, normalising and writing them takes about 8 ms. */
const CARDS_PER_SLICE = 100;

export class StoreReader {
  readonly #ports: StoreReaderPorts;
  readonly #mirror: CardMirror;
  constructor(ports: StoreReaderPorts) {
    this.#ports = ports;
    this.#mirror = new CardMirror(ports.db);
  }

  get #permissionHint(): string {
    return this.#ports.permissionHint ?? FULL_DISK_ACCESS;
  }

  /** `full`: also stores whose token stands still. Throws SqliteError of our own database. */
  async read(full: boolean): Promise<Reading> {
    const { folder } = this.#ports;
    const found = discoverStores(folder);
    if (found.kind === "found") return await this.#readStores(found.paths, full);
    const state = folderState(folder, found, this.#permissionHint);
    return { found: false, stores: [state], cardsChanged: 0, oddValues: 0 };
  }

  async #readStores(paths: readonly string[], full: boolean): Promise<Reading> {
    const { db } = this.#ports;
    const known = new Map(this.#mirror.stores().map((store) => [store.path, store]));
    const stores: StoreState[] = [];
    let cardsChanged = 0;
    let oddValues = 0;
    for (const path of paths) {
      try {
        const token = this.#token(path);
        if (full || known.get(path)?.token !== token) {
          const read = await this.#readStore(path, token);
          cardsChanged += read.changed;
          oddValues += read.oddValues;
        }
        stores.push({ path, state: "ok", reason: "", hint: "" });
      } catch (error) {
        // One store that can't be read holds up no other, and its mirrored cards stay. Failures of our own go on.
        stores.push(storeStateOf(path, error, this.#permissionHint));
        // A token that still fits would make the next sync say that all is well.
        if ((known.get(path)?.token ?? null) !== null) {
          await this.#ports.turn();
          db.transaction(() => this.#mirror.distrust(path));
        }
      }
    }
    for (const gone of [...known.values()].filter((store) => !paths.includes(store.path))) {
      await this.#ports.turn();
      cardsChanged += db.transaction(() => this.#dirtyIf(this.#mirror.forget(gone.id)));
    }
    return { found: true, stores, cardsChanged, oddValues };
  }

  /** With another region the same digits are another number. */
  #token(path: string): string {
    return `${storeToken(path, this.#ports.now()) ?? "none"} ${this.#ports.region() ?? "no region"}`;
  }

  async #readStore(
    path: string,
    token: string,
  ): Promise<{ readonly changed: number; readonly oddValues: number }> {
    const { db, turn, now, probe, region } = this.#ports;
    using store = openStore(path);
    const { cards, counts } = readStore(store);
    await turn();
    const id = db.transaction(() => this.#mirror.begin(path));
    let changed = 0;
    for (const slice of slices(cards, CARDS_PER_SLICE)) {
      await turn();
      changed += db.transaction(() => {
        const count = this.#dirtyIf(this.#mirror.put(id, slice, region()));
        probe("contacts.cards.before_commit");
        return count;
      });
    }
    await turn();
    changed += db.transaction(() => {
      const gone = this.#dirtyIf(this.#mirror.finish(id, token, now()));
      probe("contacts.store.before_commit");
      return gone;
    });
    return { changed, oddValues: counts.oddValues + counts.idsMade };
  }

  /** Stored with the cards, so that a sync that was cut off plans again. */
  #dirtyIf(changed: number): number {
    if (changed > 0) this.#ports.state.set(STATE_KEYS.contactsDirty, 1);
    return changed;
  }
}

/** Without a database of ours: what stands in the way of the folder, or of reading each store in it. */
export function addressBookState(folder: string, permissionHint: string): readonly StoreState[] {
  const found = discoverStores(folder);
  if (found.kind !== "found") return [folderState(folder, found, permissionHint)];
  return found.paths.map((path) => {
    try {
      examineStore(path);
      return { path, state: "ok", reason: "", hint: "" };
    } catch (error) {
      return storeStateOf(path, error, permissionHint);
    }
  });
}

/** What a store is that could not be read. Throws what is no failure of a store. */
function storeStateOf(path: string, error: unknown, permissionHint: string): StoreState {
  if (!(error instanceof LiveSyncError) || !error.code.startsWith("contacts_")) throw error;
  const state = stateOf(error);
  const hint = state === "needs_permission" ? permissionHint : error.hint;
  return { path, state, reason: error.message, hint };
}

function folderState(
  path: string,
  found: { readonly kind: "missing" | "forbidden" | "unusable"; readonly reason: string },
  permissionHint: string,
): StoreState {
  const reason = `Cannot read the contacts in ${path}: ${found.reason}`;
  switch (found.kind) {
    case "missing":
      return {
        path,
        state: "missing",
        reason,
        hint: "Open Contacts once, or name its folder with --addressbook-dir.",
      };
    case "forbidden":
      return {
        path,
        state: "needs_permission",
        reason,
        hint: permissionHint,
      };
    case "unusable":
      return { path, state: "failed", reason, hint: "It is tried again by itself." };
  }
}

function stateOf(error: LiveSyncError): StoreState["state"] {
  if (error.code === "contacts_missing") return "missing";
  return error.code === "contacts_forbidden" ? "needs_permission" : "failed";
}

/** A big AddressBook for tests and measurements: many cards, quickly, the same for the same seed. */
import { text } from "../../../src/sqlite/row.ts";
import type { Connection } from "../../../src/sqlite/sqlite.ts";
import { inventBook } from "./invented_cards.ts";
import { ContactsApp, ROOT_STORE } from "../../../src/simulator/contacts_app.ts";
import { SeededRandom } from "../../../src/simulator/random.ts";

/** The shares of the rest are explained in `invented_cards.ts`. */
export interface PopulateContactsOptions {
  /** The AddressBook's folder; the stores are made where they are not there. */
  readonly folder: string;
  /** Addresses of Messages' handles; see {@link handleAddresses}. */
  readonly handles: readonly string[];
  /** Default 10,000. */
  readonly cards?: number;
  /** Default 3, the root store included. */
  readonly stores?: number;
  /** How many of the handles are on a card, 0 … 1. Default 0.9. */
  readonly knownShare?: number;
  /** Default 1. */
  readonly seed?: number;
}

export interface PopulatedContacts {
  readonly cards: number;
  /** Names of the stores, as `ContactsApp` calls them. */
  readonly stores: readonly string[];
  readonly linked: number;
  readonly unlinked: number;
  readonly sharedNumbers: number;
  readonly knownHandles: number;
}

/** Fills stores and leaves them as Contacts does when it is quit: checkpointed and closed. */
export function populateContacts(options: PopulateContactsOptions): PopulatedContacts {
  const { folder, handles, cards = 10_000, stores = 3, knownShare = 0.9, seed = 1 } = options;
  const random = new SeededRandom(seed);
  // The stores' own numbers of the clock do not matter, but must be the same at every run.
  const clock = {
    now: () => Date.UTC(2025, 7, 1),
    monotonic: () => 0,
    after: () => () => {},
    soon: () => () => {},
  };
  using app = new ContactsApp(folder, { random, clock, synchronous: "off" });
  while (app.stores.length < stores) app.addStore({});
  const names = [ROOT_STORE, ...app.stores.filter((store) => store !== ROOT_STORE)];
  const book = inventBook(random, { cards, stores: names, handles, knownShare });
  for (const store of names) {
    app.inOneCommit(store, () => {
      for (const card of book.cards) if (card.store === store) app.addCard(card);
    });
  }
  const { linked, unlinked, sharedNumbers, knownHandles } = book;
  return { cards: book.cards.length, stores: names, linked, unlinked, sharedNumbers, knownHandles };
}

/** Every address of a chat.db once, in the order of its text. */
export function handleAddresses(chatDb: Connection): string[] {
  return chatDb.prepare("SELECT DISTINCT id FROM handle ORDER BY id").all().map((row) => text(row, "id"));
}

/** A folder of the AddressBook with a simulated Contacts app on it. */
import { ContactsApp, type ContactsAppOptions, storePath } from "../../../src/simulator/contacts_app.ts";
import { SeededRandom } from "../../../src/simulator/random.ts";
import type { RawCard } from "../../../src/model/raw_card.ts";
import { openStore, readStore, type StoreCounts } from "../../../src/source/cards.ts";
import { fastClock } from "../../support/fast_clock.ts";

export class AddressBookFixture implements Disposable {
  readonly #top = Deno.makeTempDirSync({ prefix: "chatstats-contacts-" });
  /** Its name holds what a URI must escape. */
  readonly folder = `${this.#top}/Address Book %41?#`;
  readonly app: ContactsApp;

  constructor(options: ContactsAppOptions = {}) {
    this.app = new ContactsApp(this.folder, {
      clock: fastClock(Date.UTC(2025, 5, 1)),
      random: new SeededRandom(3),
      ...options,
    });
  }

  path(store: string): string {
    return storePath(this.folder, store);
  }

  read(store: string): { cards: RawCard[]; counts: StoreCounts } {
    using db = openStore(this.path(store));
    const { cards, counts } = readStore(db);
    return { cards: [...cards], counts };
  }

  [Symbol.dispose](): void {
    this.app[Symbol.dispose]();
    Deno.removeSync(this.#top, { recursive: true });
  }
}

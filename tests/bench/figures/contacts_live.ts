/** Names in the real program: while the first import runs, and from a card's edit to a client. */
import { ROOT_STORE } from "../../../src/simulator/contacts_app.ts";
import { type ContactsProcess, startContactsProcess } from "../../../src/simulator/contacts_process.ts";
import { openDatabase } from "../../../src/sqlite/sqlite.ts";
import { STATE_KEYS } from "../../../src/store/state.ts";
import { type Bench, type Figure, thousands, wait } from "../bench.ts";
import { EventClient } from "../event_client.ts";
import type { AddressBook } from "../ground.ts";
import { median } from "../quantiles.ts";
import type { Row } from "../report.ts";
import { PROGRAM, Sidecar } from "../sidecar.ts";
import { countOf } from "./contacts.ts";

export const contactsLiveFigure: Figure = {
  name: "contacts-live",
  run: async (bench) => [await namesDuringImport(bench), await editToClient(bench)],
};

/** Identifiers whose contact has a name from a card. */
const NAMED = `SELECT count(*) AS n FROM contact_identifiers i JOIN contacts c ON c.id = i.contact_id
                WHERE c.name_source = 'addressbook'`;

async function namesDuringImport({ sizes, ground }: Bench): Promise<Row> {
  const place = ground.unimported(sizes.messages, sizes.contactChats);
  const { folder } = ground.addressBook(place, sizes.cards);
  const seen: { readonly afterMs: number; readonly named: number }[] = [];
  let importMs: number | null = null;
  {
    await using sidecar = await Sidecar.start(place, { addressBook: folder });
    sidecar.live.then((at) => importMs = at - sidecar.readyAt, () => {});
    using ours = openDatabase(place.database, { readOnly: true });
    // Once more after the import: what is merged then must not take names away.
    for (let left = 20; left > 0; left -= importMs === null ? 0 : 1) {
      seen.push({ named: countOf(ours, NAMED), afterMs: performance.now() - sidecar.readyAt });
      await wait(20);
    }
  }
  ground.drop(place);
  const all = seen.at(-1)?.named ?? 0;
  const there = seen.find(({ named }) => named >= all * 0.99)?.afterMs;
  if (all === 0 || there === undefined) throw new Error("No contact got its name");
  return {
    figure: `names there after ready, ${thousands(sizes.messages)} messages coming in`,
    measured: there / 1000,
    unit: "s",
    bound: 1.5,
    note: `99 of 100 of the ${thousands(all)} identifiers that are named in the end; ${
      thousands(sizes.cards)
    } cards; live after ${((importMs ?? NaN) / 1000).toFixed(1)} s`,
  };
}

async function editToClient({ sizes, ground }: Bench): Promise<Row> {
  const place = await ground.imported(sizes.messages, sizes.contactChats);
  const book = ground.addressBook(place, sizes.cards);
  const times: number[] = [];
  {
    await using contacts = startContactsProcess({ command: PROGRAM, folder: book.folder });
    const card = await soleCard(contacts, book);
    await using sidecar = await Sidecar.start(place, {
      addressBook: book.folder,
      contactsIntervalSeconds: 1,
    });
    await using client = await EventClient.connect(sidecar.ready, ["contacts"]);
    await firstSyncIsOver(place.database);
    for (let i = 0; i < sizes.cardEdits; i++) {
      const name = `Somebody ${i}`;
      const { committedAtMs } = await contacts.editCard({ ...card, firstName: name });
      times.push(await client.named(name, 10_000) - committedAtMs);
      // Not in step with the interval.
      await wait(300 + i * 370 % 1_000);
    }
  }
  ground.drop(place);
  return {
    figure: "card edited (WAL only) → contact.updated at client, at most",
    measured: Math.max(...times) / 1000,
    unit: "s",
    bound: 1.5,
    note: `interval 1 s, ${thousands(sizes.cards)} cards; median of ${times.length} ${
      median(times).toFixed(0)
    } ms`,
  };
}

/** A card of somebody who writes, and of whom no other card knows. */
async function soleCard(contacts: ContactsProcess, { handles, stores }: AddressBook) {
  const address = handles.find((each) => each.includes("@"));
  if (address === undefined) throw new Error("Nobody writes from a mail address");
  for (const store of stores) {
    await contacts.sql(store, "DELETE FROM ZABCDEMAILADDRESS WHERE lower(ZADDRESS) = :address", { address });
  }
  const card = { store: ROOT_STORE, uniqueId: "BENCH:ABPerson" };
  await contacts.addCard({ ...card, firstName: "Nobody", emails: [address] });
  return card;
}

/** What that one finds is told as a whole, not card by card. */
async function firstSyncIsOver(database: string): Promise<void> {
  using ours = openDatabase(database, { readOnly: true });
  const done = `SELECT count(*) AS n FROM live_sync_state WHERE key = '${STATE_KEYS.contactsFirst}'`;
  for (const startedAt = performance.now(); countOf(ours, done) === 0; await wait(50)) {
    if (performance.now() - startedAt > 60_000) throw new Error("The first contact sync does not end");
  }
}

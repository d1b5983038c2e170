import assert from "node:assert/strict";
import { ContactsApp, storePath } from "../../src/simulator/contacts_app.ts";
import { inventBook } from "./support/invented_cards.ts";
import { inventCrowd } from "../../src/simulator/populate/crowd.ts";
import { populateContacts } from "./support/populate_contacts.ts";
import { SeededRandom } from "../../src/simulator/random.ts";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { dumpRows } from "./support/dump.ts";
import { fastClock } from "../support/fast_clock.ts";
import { temporaryFolder } from "./support/temporary.ts";

function appIn(folder: string, entityShift = 0): ContactsApp {
  return new ContactsApp(folder, { clock: fastClock(), random: new SeededRandom(7), entityShift });
}

Deno.test("ContactsApp leaves the rows that Contacts would leave, the same for the same seed", () => {
  const dump = () => {
    using folder = temporaryFolder();
    using app = appIn(folder.path);
    const nora = app.addCard({
      store: "root",
      firstName: "Nora",
      phones: ["(415) 555-0142"],
      emails: ["N@x.org"],
    });
    app.addCard({ store: "root", uniqueId: "S:ABPerson", firstName: "Sam", suffix: "Jr.", subscribed: true });
    app.editCard({ store: "root", uniqueId: nora.uniqueId, isMe: true });
    app.editCard({ store: "root", uniqueId: "S:ABPerson", isMe: true, nickname: "Sammy" });
    app.deleteCard(nora);
    return dumpRows(app.db("root"));
  };
  const rows = dump();
  assert.deepEqual(dump(), rows);
  const [deleted] = rows.filter((row) => row.startsWith("ZABCDDELETEDRECORDLOG"));
  assert.match(deleted ?? "", /:ABPerson'/);
  assert.deepEqual(rows.filter((row) => /^ZABCD(PHONENUMBER|EMAILADDRESS)/.test(row)), []);
});

Deno.test("ContactsApp moves entity numbers and the columns named after them when its model is another one", () => {
  using folder = temporaryFolder();
  using app = appIn(folder.path, 4);
  const { record } = app.addCard({ store: "root", firstName: "Nora", phones: ["1"] });
  const db = app.db("root");
  const contact = db.prepare("SELECT Z_ENT, Z_SUPER FROM Z_PRIMARYKEY WHERE Z_NAME = 'ABCDContact'").get();
  assert.deepEqual({ ...contact }, { Z_ENT: 26, Z_SUPER: 21 });
  assert.equal(
    db.prepare("SELECT Z_ENT FROM ZABCDRECORD WHERE Z_PK = :record").get({ record })?.["Z_ENT"],
    26,
  );
  assert.equal(db.prepare("SELECT Z26_OWNER FROM ZABCDPHONENUMBER").get()?.["Z26_OWNER"], 26);
  assert.ok(db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'Z_26PARENTGROUPS'").get());
});

Deno.test("an edit moves the WAL alone, and a checkpoint lets it be reused at equal size", () => {
  using folder = temporaryFolder();
  using app = appIn(folder.path);
  const path = storePath(folder.path, "root");
  const { uniqueId } = app.addCard({ store: "root", firstName: "Mum" });
  const database = () => {
    const { size, mtime } = Deno.statSync(path);
    return { size, mtime };
  };
  const before = database();
  const walSize = () => Deno.statSync(`${path}-wal`).size;
  const size = walSize();
  app.editCard({ store: "root", uniqueId, firstName: "Jane" });
  assert.deepEqual(database(), before);
  assert.ok(walSize() > size);
  const full = walSize();
  assert.equal(app.checkpoint({ store: "root", mode: "FULL" }).busy, false);
  app.editCard({ store: "root", uniqueId, firstName: "Mum" });
  assert.equal(walSize(), full);
});

Deno.test("ContactsApp goes on with the stores that are there when it is started again", () => {
  using folder = temporaryFolder();
  const { store, uniqueId } = (() => {
    using app = appIn(folder.path);
    return app.addCard({ store: app.addStore({}).store, firstName: "Mum" });
  })();
  using app = appIn(folder.path);
  assert.deepEqual(app.stores, ["root", store]);
  app.editCard({ store, uniqueId, firstName: "Jane" });
  assert.throws(() => app.addStore({ store }), { code: "store_exists" });
  app.removeStore({ store });
  assert.throws(() => app.editCard({ store, uniqueId, firstName: "x" }), { code: "no_such_store" });
  assert.throws(() => app.deleteCard({ store: "root", uniqueId }), { code: "no_such_row" });
  app.addStore({ store });
});

const HANDLES = [...new Set(inventCrowd(new SeededRandom(1), 300).handles.map(({ address }) => address))];

Deno.test("populateContacts() writes the same stores when the seed is the same, checkpointed and closed", () => {
  const dump = (seed: number) => {
    using folder = temporaryFolder();
    const { stores, cards } = populateContacts({ folder: folder.path, handles: HANDLES, cards: 600, seed });
    assert.deepEqual([stores.length, cards], [3, 600]);
    return stores.flatMap((store) => {
      const path = storePath(folder.path, store);
      assert.throws(() => Deno.statSync(`${path}-wal`), Deno.errors.NotFound);
      using db = openDatabase(path, { readOnly: true });
      return dumpRows(db);
    });
  };
  const first = dump(5);
  assert.deepEqual(dump(5), first);
  assert.notDeepEqual(dump(6), first);
});

Deno.test("inventBook() mixes linked and unlinked pairs, shared numbers, several identifiers and strangers", () => {
  const book = inventBook(new SeededRandom(2), {
    cards: 3_000,
    stores: ["root", "A", "B"],
    handles: HANDLES,
    knownShare: 0.9,
  });
  assert.equal(book.cards.length, 3_000);
  assert.equal(book.knownHandles, Math.round(HANDLES.length * 0.9));
  assert.ok(book.linked > 100 && book.unlinked > 100 && book.sharedNumbers > 20, JSON.stringify(book.linked));
  const links = Map.groupBy(book.cards.filter(({ linkId }) => linkId), ({ linkId }) => linkId);
  assert.equal(links.size, book.linked);
  for (const pair of links.values()) assert.equal(new Set(pair.map(({ store }) => store)).size, 2);
  const share = (wanted: (card: typeof book.cards[number]) => boolean) => book.cards.filter(wanted).length;
  assert.ok(share(({ phones = [], emails = [] }) => phones.length + emails.length >= 3) > 10);
  assert.ok(share(({ phones = [], emails = [] }) => phones.length + emails.length === 0) > 10);
  assert.ok(share(({ isCompany }) => isCompany === true) > 50);
  assert.equal(share(({ isMe }) => isMe === true), 1);
  const names = Map.groupBy(book.cards, ({ firstName, lastName }) => `${firstName} ${lastName}`);
  assert.ok([...names.values()].some((same) => same.length > 3));
});

import { deepEqual, equal, ok, throws } from "node:assert/strict";
import type { BreakInput } from "../../src/simulator/contacts/inputs.ts";
import { LiveSyncError } from "../../src/model/errors.ts";
import { openDatabase, SqliteError } from "../../src/sqlite/sqlite.ts";
import cardsSql from "../../src/source/cards.sql" with { type: "text" };
import { openStore, readStore } from "../../src/source/cards.ts";
import { AddressBookFixture } from "./support/address_book.ts";
import { sectionOf } from "../support/sql_sections.ts";

const AT = Date.UTC(2025, 5, 1, 12);

Deno.test("readStore() gives every field of a card when Contacts wrote it", () => {
  using fixture = new AddressBookFixture();
  fixture.app.addCard({
    store: "root",
    uniqueId: "C1:ABPerson",
    firstName: "Nora",
    middleName: "Ida",
    lastName: "Lindqvist",
    prefix: "Dr",
    nickname: "Nono",
    organization: "Lind & Co",
    nameOrder: "last_name_first",
    isMe: true,
    linkId: "L1",
    preferredForName: true,
    phones: ["(415) 555-0142", "+1 415 555 0143"],
    emails: ["Nora@Example.com"],
    dateMs: AT + 250,
  });
  fixture.app.addCard({ store: "root", uniqueId: "C2:ABPerson", isCompany: true, organization: "Acme" });
  const { cards, counts } = fixture.read("root");
  deepEqual(cards[0], {
    uniqueId: "C1:ABPerson",
    linkId: "L1",
    isMe: true,
    isCompany: false,
    nameOrder: "last_name_first",
    firstName: "Nora",
    middleName: "Ida",
    lastName: "Lindqvist",
    nickname: "Nono",
    organization: "Lind & Co",
    preferredForName: true,
    modifiedMs: AT + 250,
    phones: ["(415) 555-0142", "+1 415 555 0143"],
    emails: ["Nora@Example.com"],
  });
  const empty = {
    linkId: null,
    isMe: false,
    nameOrder: null,
    firstName: null,
    middleName: null,
    lastName: null,
  };
  const rest = { nickname: null, preferredForName: false, phones: [], emails: [] };
  const company = { uniqueId: "C2:ABPerson", isCompany: true, organization: "Acme" };
  deepEqual(cards[1], { ...empty, ...rest, ...company, modifiedMs: Date.UTC(2025, 5, 1) });
  deepEqual(counts, { cards: 2, idsMade: 0, oddValues: 0 });
});

for (const entityShift of [-3, 0, 5]) {
  Deno.test(`readStore() reads contacts and subscribed contacts alone when entity numbers are moved by ${entityShift}`, () => {
    using fixture = new AddressBookFixture({ entityShift });
    fixture.app.addCard({ store: "root", firstName: "Nora", phones: ["1", "2"] });
    fixture.app.addCard({ store: "root", firstName: "Sam", subscribed: true, emails: ["sam@example.com"] });
    const { cards } = fixture.read("root");
    deepEqual(cards.map(({ firstName, phones, emails }) => [firstName, phones, emails]), [
      ["Nora", ["1", "2"], []],
      ["Sam", [], ["sam@example.com"]],
    ]);
  });
}

Deno.test("readStore() follows the card when it is edited, linked across stores and deleted", () => {
  using fixture = new AddressBookFixture();
  const { store } = fixture.app.addStore({});
  const one = fixture.app.addCard({ store: "root", firstName: "Mum", phones: ["1", "2"], isMe: true });
  const other = fixture.app.addCard({ store, firstName: "Jane", isMe: true });
  fixture.app.editCard({
    store: "root",
    uniqueId: one.uniqueId,
    firstName: null,
    phones: ["3"],
    isMe: false,
  });
  fixture.app.linkCards({ cards: [one, other], linkId: "L" });
  const [card] = fixture.read("root").cards;
  deepEqual([card?.firstName, card?.phones, card?.isMe, card?.linkId], [null, ["3"], false, "L"]);
  deepEqual(fixture.read(store).cards.map(({ linkId, isMe }) => [linkId, isMe]), [["L", true]]);
  fixture.app.deleteCard(one);
  deepEqual(fixture.read("root").cards, []);
});

Deno.test("readStore() goes on and counts when values are of a wrong type, hold a NUL or are no UTF-8", () => {
  using fixture = new AddressBookFixture();
  const ids = ["A", "B", "C"].map((uniqueId) =>
    fixture.app.addCard({ store: "root", uniqueId, firstName: uniqueId, phones: ["1"] }).uniqueId
  );
  const db = fixture.app.db("root");
  db.exec(`
    UPDATE ZABCDRECORD SET ZFIRSTNAME = CAST(x'4a61006e65' AS TEXT), ZLASTNAME = x'00ff',
           ZMODIFICATIONDATE = 'yesterday', ZDISPLAYFLAGS = 'x' WHERE ZUNIQUEID = 'A';
    UPDATE ZABCDRECORD SET ZFIRSTNAME = CAST(x'4aff' AS TEXT), ZNICKNAME = 7, ZMODIFICATIONDATE = 1e300
     WHERE ZUNIQUEID = 'B';
    UPDATE ZABCDRECORD SET ZUNIQUEID = NULL WHERE ZUNIQUEID = 'C';
    INSERT INTO ZABCDPHONENUMBER (ZOWNER, ZFULLNUMBER)
    SELECT Z_PK, x'0102' FROM ZABCDRECORD WHERE ZUNIQUEID IN ('A', 'B');
    INSERT INTO ZABCDPHONENUMBER (ZOWNER, ZFULLNUMBER)
    SELECT Z_PK, column1 FROM ZABCDRECORD, (VALUES (NULL), (''), ('2')) WHERE ZUNIQUEID = 'B';
    INSERT INTO ZABCDPHONENUMBER (ZOWNER, ZFULLNUMBER) VALUES (NULL, '3'), (9999, '4')`);
  const { cards, counts } = fixture.read("root");
  equal(cards.length, ids.length);
  const [a, b, c] = cards;
  deepEqual([a?.firstName, a?.lastName, a?.modifiedMs, a?.nameOrder, a?.phones], [
    "Ja\0ne",
    null,
    null,
    null,
    ["1"],
  ]);
  deepEqual([b?.firstName, b?.nickname, b?.modifiedMs, b?.phones], ["J\ufffd", "7", null, ["2", "1"]]);
  deepEqual([c?.firstName, c?.uniqueId.startsWith("#")], ["C", true]);
  deepEqual(counts, { cards: 3, idsMade: 1, oddValues: 6 });
});

Deno.test("readStore() gives the second card an id of its own when two have the same", () => {
  using fixture = new AddressBookFixture();
  for (const firstName of ["Nora", "Sam"]) fixture.app.addCard({ store: "root", uniqueId: "X", firstName });
  const { cards, counts } = fixture.read("root");
  deepEqual(cards.map(({ firstName }) => firstName), ["Nora", "Sam"]);
  equal(cards[0]?.uniqueId, "X");
  ok(cards[1]?.uniqueId.startsWith("X#"));
  deepEqual(fixture.read("root").cards, cards);
  deepEqual(counts, { cards: 2, idsMade: 1, oddValues: 0 });
});

Deno.test("readStore() reads what is there when a release lacks columns that only some cards use", () => {
  using fixture = new AddressBookFixture();
  fixture.app.addCard({ store: "root", firstName: "Nora", phones: ["1"], linkId: "L" });
  for (
    const column of ["ZLINKID", "ZMIDDLENAME", "ZNICKNAME", "ZDISPLAYFLAGS", "ZCONTAINERWHERECONTACTISME"]
  ) fixture.app.db("root").exec(`ALTER TABLE ZABCDRECORD DROP COLUMN ${column}`);
  fixture.app.db("root").exec(`ALTER TABLE ZABCDRECORD DROP COLUMN ZPREFERREDFORLINKNAME;
    ALTER TABLE ZABCDRECORD DROP COLUMN ZMODIFICATIONDATE;
    ALTER TABLE ZABCDPHONENUMBER DROP COLUMN ZORDERINGINDEX`);
  const { cards, counts } = fixture.read("root");
  deepEqual(cards.map(({ firstName, phones, linkId, isMe }) => [firstName, phones, linkId, isMe]), [
    ["Nora", ["1"], null, false],
  ]);
  equal(counts.oddValues, 0);
});

/** Reading the root store fails with this code, a sentence that names the file, and a hint. */
function refuses(fixture: AddressBookFixture, code: string, words: RegExp): void {
  throws(() => fixture.read("root"), (error) => {
    ok(error instanceof LiveSyncError && !(error instanceof SqliteError), String(error));
    equal(error.code, code, error.message);
    ok(error.message.includes(fixture.path("root")) && words.test(error.message), error.message);
    ok(error.hint.length > 0);
    return true;
  });
}

const SHAPES: readonly (readonly [sql: string, words: RegExp])[] = [
  ["DROP TABLE ZABCDPHONENUMBER", /no ZABCDPHONENUMBER$/],
  ["DROP TABLE Z_PRIMARYKEY", /no Z_PRIMARYKEY$/],
  ["ALTER TABLE ZABCDRECORD DROP COLUMN ZFIRSTNAME", /no ZABCDRECORD\.ZFIRSTNAME$/],
  ["ALTER TABLE ZABCDEMAILADDRESS DROP COLUMN ZADDRESS", /no ZABCDEMAILADDRESS\.ZADDRESS$/],
  ["DELETE FROM Z_PRIMARYKEY WHERE Z_NAME = 'ABCDContact'", /no entity ABCDContact$/],
];
for (const [sql, words] of SHAPES) {
  Deno.test(`readStore() throws contacts_unknown_shape after ${sql}`, () => {
    using fixture = new AddressBookFixture();
    fixture.app.addCard({ store: "root", firstName: "Nora", phones: ["1"] });
    fixture.app.db("root").exec(sql);
    refuses(fixture, "contacts_unknown_shape", words);
  });
}

const BREAKS: readonly (readonly [how: BreakInput["how"], code: string, words: RegExp])[] = [
  ["not_a_database", "contacts_damaged", /no SQLite database/],
  ["damaged", "contacts_damaged", /damaged/],
  ["other_shape", "contacts_unknown_shape", /no Z_PRIMARYKEY, ZABCDRECORD/],
];
for (const [how, code, words] of BREAKS) {
  Deno.test(`readStore() throws ${code} when a store is ${how}, and the others are read`, () => {
    using fixture = new AddressBookFixture();
    const { store } = fixture.app.addStore({});
    for (const each of ["root", store]) fixture.app.addCard({ store: each, firstName: "Nora" });
    fixture.app.breakStore({ store: "root", how });
    refuses(fixture, code, words);
    equal(fixture.read(store).cards.length, 1);
  });
}

Deno.test("readStore() throws contacts_damaged in the middle when a later page is damaged", () => {
  using fixture = new AddressBookFixture();
  for (let i = 0; i < 400; i++) fixture.app.addCard({ store: "root", firstName: `Person ${i}` });
  fixture.app.checkpoint({ store: "root", mode: "TRUNCATE" });
  const row = fixture.app.db("root").prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'ZABCDRECORD'")
    .get();
  fixture.app[Symbol.dispose]();
  const bytes = Deno.readFileSync(fixture.path("root"));
  // The last child of the table's root page, so that cards come before it.
  const root = (Number(row?.["rootpage"]) - 1) * 4096;
  const last = new DataView(bytes.buffer).getUint32(root + 8);
  Deno.writeFileSync(fixture.path("root"), bytes.fill(0xa5, (last - 1) * 4096, last * 4096));
  using db = openStore(fixture.path("root"));
  const { cards, counts } = readStore(db);
  throws(() => [...cards], { code: "contacts_damaged" });
  ok(counts.cards > 0 && counts.cards < 400, String(counts.cards));
});

Deno.test("readStore() throws contacts_unknown_shape when the file is empty", () => {
  using fixture = new AddressBookFixture();
  fixture.app.removeStore({ store: "root" });
  Deno.writeFileSync(fixture.path("root"), new Uint8Array());
  refuses(fixture, "contacts_unknown_shape", /no Z_PRIMARYKEY/);
});

Deno.test("openStore() throws contacts_missing when there is no file, and makes none", () => {
  using fixture = new AddressBookFixture();
  fixture.app.removeStore({ store: "root" });
  refuses(fixture, "contacts_missing", /the file does not exist/);
  throws(() => Deno.statSync(fixture.path("root")), Deno.errors.NotFound);
});

Deno.test("openStore() throws contacts_unreadable when there is a folder in its place", () => {
  using fixture = new AddressBookFixture();
  fixture.app.removeStore({ store: "root" });
  Deno.mkdirSync(fixture.path("root"));
  refuses(fixture, "contacts_unreadable", /it is a folder/);
});

Deno.test("readStore() throws contacts_locked while another connection holds the store alone", () => {
  using fixture = new AddressBookFixture();
  fixture.app[Symbol.dispose]();
  {
    using alone = openDatabase(fixture.path("root"));
    alone.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; UPDATE Z_METADATA SET Z_UUID = 'x'");
    refuses(fixture, "contacts_locked", /lock/);
    alone.exec("ROLLBACK");
  }
  equal(fixture.read("root").cards.length, 0);
});

Deno.test("a store can't be written through openStore()", () => {
  using fixture = new AddressBookFixture();
  using db = openStore(fixture.path("root"));
  throws(() => db.exec("DELETE FROM ZABCDRECORD"), { code: "sqlite_8" });
});

Deno.test("cards.sql finds numbers and addresses by key when it joins them to cards", () => {
  using fixture = new AddressBookFixture();
  using db = openStore(fixture.path("root"));
  // Suspended between two cards, where the gathered tables are there.
  fixture.app.addCard({ store: "root", firstName: "Nora" });
  const { cards } = readStore(db);
  cards.next();
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${sectionOf(cardsSql, "cards")}`).all({ after: 0, limit: 1 })
    .map((row) => String(row["detail"])).join("\n");
  // Without, 10,000 cards take seconds and not 0.1 s.
  for (const joined of ["p", "e"]) {
    ok(new RegExp(`^SEARCH ${joined} USING INTEGER PRIMARY KEY`, "m").test(plan), plan);
  }
  ok(/^SEARCH t USING INTEGER PRIMARY KEY \(rowid>\?\)/m.test(plan) && !/ORDER BY/.test(plan), plan);
});

Deno.test("readStore() gives one moment of the store when Contacts commits while it is read", () => {
  using fixture = new AddressBookFixture();
  fixture.app.inOneCommit("root", () => {
    for (let i = 0; i < 600; i++) fixture.app.addCard({ store: "root", firstName: "Old", phones: [`${i}`] });
  });
  using db = openStore(fixture.path("root"));
  const { cards, counts } = readStore(db);
  cards.next();
  fixture.app.db("root").exec("UPDATE ZABCDRECORD SET ZFIRSTNAME = 'New'; DELETE FROM ZABCDPHONENUMBER");
  const rest = [...cards];
  deepEqual([rest.length, counts.cards], [599, 600]);
  ok(rest.every(({ firstName, phones }) => firstName === "Old" && phones.length === 1));
  equal([...readStore(db).cards].filter(({ firstName }) => firstName === "New").length, 600);
});

/** Contacts and merges as the API lists them, on a real database. */
import { deepEqual, equal, match, throws } from "node:assert/strict";
import * as v from "valibot";
import { LiveSyncError } from "../../src/model/errors.ts";
import type { Page } from "../../src/model/page.ts";
import { contactItem, listContacts, listMerges, mergeItem } from "../../src/store/queries/contacts.ts";
import contactsFile from "../../src/store/queries/contacts.sql" with { type: "text" };
import { People } from "../sync/contacts/support/people.ts";
import { sectionOf } from "../support/sql_sections.ts";

const Named = v.object({ id: v.number(), name: v.string() });
const nameIn = (item: string) => v.parse(Named, JSON.parse(item)).name;
const idIn = (item: string) => v.parse(Named, JSON.parse(item)).id;

/** Names of those that `query` finds, but for me. */
function found(people: People, query: string): string[] {
  const { items } = listContacts(people.db, { query, limit: 200, before: null });
  return items.filter((item) => idIn(item) !== 1).map(nameIn);
}

/** Every page up to the last, `between` called before each but the first. */
function everyPage(list: (before: string | null) => Page, between: () => void = () => {}): string[] {
  const items: string[] = [];
  for (let page = list(null);; page = list(page.next)) {
    items.push(...page.items);
    if (page.next === null) return items;
    between();
  }
}

function refused(code: string): (error: unknown) => boolean {
  return (error) => error instanceof LiveSyncError && error.code === code;
}

Deno.test("listContacts() gives everybody by name with their identifiers when nothing is asked for", () => {
  using people = new People();
  const zoe = people.contact("+15550100003", "zoe");
  const jane = people.contact("+15550100001", "Jane");
  const old = people.contact("jane@example.com");
  people.merge(old, jane);
  const { items, next } = listContacts(people.db, { query: null, limit: 50, before: null });
  equal(next, null);
  const [first, ...rest] = items.filter((item) => idIn(item) !== 1);
  deepEqual({ ...JSON.parse(first ?? ""), last_updated: 0 }, {
    id: jane,
    name: "Jane",
    name_source: "addressbook",
    nickname: null,
    organization: null,
    is_me: false,
    data_source: "messages",
    merged_into: null,
    last_updated: 0,
    messages: 0,
    identifiers: [
      {
        id: people.identifier(jane),
        identifier: "+15550100001",
        type: "phone",
        is_primary: true,
        is_shared: false,
        last_used: null,
      },
      {
        id: people.identifier(old),
        identifier: "jane@example.com",
        type: "phone",
        is_primary: false,
        is_shared: false,
        last_used: null,
      },
    ],
  });
  deepEqual(rest.map(idIn), [zoe]);
});

Deno.test("listContacts() finds names, nicknames, organisations and addresses whatever their capitals", () => {
  using people = new People();
  people.contact("+15550100001", "Élodie ΣΊΣΥΦΟΣ");
  people.contact("100%_[safe]*@example.com", "Anna");
  people.db.prepare("UPDATE contacts SET nickname = 'Straße', organization = 'Zürich AG' WHERE name = 'Anna'")
    .run();
  people.contact("+15550100002", "Bo");
  const cases: [string, string[]][] = [
    ["élodie", ["Élodie ΣΊΣΥΦΟΣ"]],
    ["ÉLODIE σίσυφος", ["Élodie ΣΊΣΥΦΟΣ"]],
    ["elodie", []],
    ["STRAßE", ["Anna"]],
    ["zÜRICH", ["Anna"]],
    ["0%_[SAFE]*@", ["Anna"]],
    ["%", ["Anna"]],
    ["_", ["Anna"]],
    ["*", ["Anna"]],
    ["[", ["Anna"]],
    ["]", ["Anna"]],
    ["?", []],
    [" an ", ["Anna"]],
    ["", ["Anna", "Bo", "Élodie ΣΊΣΥΦΟΣ"]],
    ["  ", ["Anna", "Bo", "Élodie ΣΊΣΥΦΟΣ"]],
    ["nobody", []],
  ];
  for (const [query, names] of cases) deepEqual(found(people, query), names, query);
});

Deno.test("listContacts() finds a number however it is typed", () => {
  using people = new People();
  people.contact("+15550100001", "Jane");
  people.contact("+442079460958", "Liz");
  people.contact("72345", "Code");
  const cases: [string, string[]][] = [
    ["+1 (555) 010-0001", ["Jane"]],
    ["555.010.0001", ["Jane"]],
    ["(555) 010", ["Jane"]],
    ["1\u20115550100001", ["Jane"]],
    ["020 7946 0958", ["Liz"]],
    ["+44 (0)20 7946-0958", ["Liz"]],
    ["0044 20 7946 0958", ["Liz"]],
    ["+442079", ["Liz"]],
    ["+2079", []],
    ["72345", ["Code"]],
    ["723-45", ["Code"]],
    ["+1 555 010 0002", []],
    ["0", ["Jane", "Liz"]],
    ["1 - 5", []],
    ["J-555", []],
  ];
  for (const [query, names] of cases) deepEqual(found(people, query), names, query);
});

Deno.test("listContacts() gives who keeps a name once when others are renamed between two pages", () => {
  using people = new People();
  const names = ["anna", "Anna", "ANNA", "Bo", "bo", "Cy", "Dee", "Ed", "Flo", "Gus"];
  const ids = names.map((name, i) => people.contact(`+1555010000${i}`, name));
  const [anna = 0, , , bo = 0] = ids;
  let round = 0;
  const items = everyPage(
    (before) => listContacts(people.db, { query: null, limit: 2, before }),
    () => {
      // From the front to the back, from the back to the front, and the one that the page ended with.
      const [contact, name] = [[anna, "Zed"], [bo, "Aaron"], [anna, "Ab"], [bo, "Zac"]][round++ % 4] ?? [];
      people.db.prepare("UPDATE contacts SET name = :name WHERE id = :contact").run({
        contact: contact ?? 0,
        name: name ?? "",
      });
    },
  );
  const kept = items.map(idIn).filter((id) => id !== anna && id !== bo && id !== 1);
  deepEqual(kept, ids.filter((id) => id !== anna && id !== bo));
});

Deno.test("listContacts() comes to its end when a name holds a NUL", () => {
  using people = new People();
  for (let i = 0; i < 4; i++) {
    people.contact(`+1555010000${i}`);
    people.db.prepare("UPDATE contacts SET name = 'a' || char(0) || :i WHERE name = :name").run({
      i: String(i),
      name: `+1555010000${i}`,
    });
  }
  const items = everyPage((before) => listContacts(people.db, { query: null, limit: 1, before }));
  equal(new Set(items).size, items.length);
  equal(items.filter((item) => nameIn(item).startsWith("a\0")).length, 4);
});

Deno.test("listMerges() gives the newest first with why and what became of it, in pages", () => {
  using people = new People();
  const jane = people.contact("+15550100001", "Jane");
  const others = ["+15550100002", "+15550100003", "+15550100004"].map((number) => people.contact(number));
  for (const other of others) people.merge(other, jane);
  const [first = 0] = others;
  people.writer.undo(1, "user", "user", true);
  const items = everyPage((before) => listMerges(people.db, { limit: 2, before }));
  deepEqual(items.map((item) => v.parse(v.object({ id: v.number() }), JSON.parse(item)).id), [3, 2, 1]);
  const undone = JSON.parse(items[2] ?? "");
  equal(typeof undone.created_at, "number");
  equal(undone.undone_at > undone.created_at, true);
  deepEqual({ ...undone, created_at: 0, undone_at: 0 }, {
    id: 1,
    from_id: first,
    into_id: jane,
    from_name: "+15550100002",
    into_name: "Jane",
    reason: "one_card",
    evidence: { cards: ["A:ABPerson"], identifiers: [], national: [] },
    created_at: 0,
    undone_at: 0,
    undone_by: "user",
  });
  equal(mergeItem(people.db, 1), items[2]);
});

Deno.test("contactItem() tells where a contact went when it was merged away", () => {
  using people = new People();
  const jane = people.contact("+15550100001", "Jane");
  const old = people.contact("+15550100002");
  people.merge(old, jane);
  const item = JSON.parse(contactItem(people.db, old));
  deepEqual([item.id, item.merged_into, item.identifiers], [old, jane, []]);
});

Deno.test("contactItem() and mergeItem() throw not_found when there is none", () => {
  using people = new People();
  throws(() => contactItem(people.db, 99), refused("not_found"));
  throws(() => mergeItem(people.db, 99), refused("not_found"));
});

Deno.test("listContacts() and listMerges() throw bad_request when before is nothing that they gave", () => {
  using people = new People();
  for (const name of ["A", "B"]) people.contact(`${name}@example.com`, name);
  const { next } = listContacts(people.db, { query: null, limit: 1, before: null });
  const encoded = (value: unknown) =>
    new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: "base64url", omitPadding: true });
  const wrong = [
    "",
    "x",
    "%%%",
    "bnVsbA",
    "/w",
    encoded([]),
    encoded([1, "A"]),
    encoded(["A", 1.5]),
    encoded({}),
  ];
  for (const before of [...wrong, encoded([1])]) {
    throws(() => listContacts(people.db, { query: null, limit: 1, before }), refused("bad_request"), before);
  }
  for (const before of [...wrong, next, encoded([1e300])]) {
    throws(() => listMerges(people.db, { limit: 1, before }), refused("bad_request"), `${before}`);
  }
});

Deno.test("listContacts() gives those without a name behind all that have one, also across pages", () => {
  using people = new People();
  people.contact("+15550100003", "zoe");
  people.contact("+15550100001");
  people.contact("+15550100002", "Jane");
  people.contact("a@example.com");
  for (const limit of [1, 2, 3, 200]) {
    const names = everyPage((before) => listContacts(people.db, { query: null, limit, before })).map(nameIn);
    deepEqual(names, ["Jane", "Me", "zoe", "+15550100001", "a@example.com"], `${limit}`);
  }
});

Deno.test("the lists of contacts and merges go along an index and sort nothing", () => {
  using people = new People();
  const plan = (sql: string) =>
    people.db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all().map((row) => String(row["detail"]));
  const lists: [string, RegExp[]][] = [
    [sectionOf(contactsFile, "contacts"), [
      /^SEARCH c USING INDEX contacts_name \(<expr>=\? AND name>\?\)$/,
      /^CORRELATED SCALAR SUBQUERY/,
      /^SEARCH s USING INDEX contact_identifiers_contact \(contact_id=\?\)$/,
    ]],
    [sectionOf(contactsFile, "merges"), [/^SEARCH m USING INTEGER PRIMARY KEY \(rowid<\?\)$/]],
  ];
  for (const [sql, steps] of lists) {
    const details = plan(sql);
    equal(details.length, steps.length, details.join("\n"));
    for (const [i, step] of steps.entries()) match(details[i] ?? "", step);
  }
  for (const sql of ["contact", "merge"].map((name) => sectionOf(contactsFile, name))) {
    for (const detail of plan(sql)) {
      match(detail, /^(?:SEARCH|CORRELATED|USE TEMP B-TREE FOR json_group_array)/);
    }
  }
});

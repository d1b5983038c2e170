/** `contacts …` in a process of its own: alone on a database, and beside a running instance. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import * as v from "valibot";
import {
  contactsText,
  type ContactWords,
  mergesText,
  type MergeWords,
  renamedLine,
  undoneLine,
} from "../../src/cli/contact_words.ts";
import type { MergeReason } from "../../src/model/contact.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { acquireInstance } from "../../src/platform/instance.ts";
import { STATE_KEYS, StateStore } from "../../src/store/state.ts";
import { NO_CONTACTS, startServer, TOKEN } from "../notify/support/server.ts";
import { People } from "../sync/contacts/support/people.ts";
import { CommandLine } from "./support/command_line.ts";
import { type Ended, parseObject, RunningProgram, runProgram } from "./support/program.ts";

const JANE = "Jane Appleseed";
const NUMBER = "+15550100002";
const List = v.strictObject({ items: v.array(v.looseObject({ id: v.number() })), next: v.null() });

/** A database with Jane, into whom a number of hers was merged; closed, so that the program may open it. */
class Merged implements AsyncDisposable {
  readonly folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "chatstats-contacts-" }));
  readonly database = `${this.folder}/ours/chatstats.db`;
  readonly jane: number;
  readonly number: number;
  readonly #line = new CommandLine();
  readonly flags = [
    "--database",
    this.database,
    "--messages-db",
    `${this.folder}/no-chat.db`,
    "--addressbook-dir",
    `${this.folder}/none`,
  ];

  constructor() {
    using people = new People();
    this.jane = people.contact("+15550100001", JANE);
    this.number = people.contact(NUMBER);
    people.message(people.chat(this.number), this.number);
    people.merge(this.number, this.jane);
    // Changes are told once the first import and the first contact sync are complete.
    const state = new StateStore(people.db);
    state.set(STATE_KEYS.importPhase, "done");
    state.set(STATE_KEYS.contactsFirst, "done");
    Deno.mkdirSync(`${this.folder}/ours`);
    people.db.prepare("VACUUM INTO :path").run({ path: this.database });
  }

  contacts(...words: readonly string[]): Promise<Ended> {
    return this.#line.run(["contacts", ...words, ...this.flags]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#line[Symbol.asyncDispose]();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

function succeeded({ code, stdout, stderr }: Ended): string {
  equal(code, 0, stderr);
  for (const name of ["Jane", "Mum", NUMBER]) ok(!stderr.includes(name), stderr);
  return stdout;
}

function failed({ code, stdout, stderr }: Ended, exit: number, words: RegExp): void {
  equal(code, exit, stderr);
  if (stdout !== "") deepEqual(Object.keys(parseObject(stdout)), ["error"]);
  match(stderr, words);
  equal(stderr.trimEnd().split("\n").length, 1, stderr);
  ok(!stderr.includes("Jane"), stderr);
}

/** What `rename` and `merge` need: ids, of everybody and of those who are searched for. */
async function listPeople(merged: Merged): Promise<void> {
  const all = succeeded(await merged.contacts("list"));
  match(all, /^ID {2}Name +Messages +Numbers and addresses\n/);
  match(all, new RegExp(`^${merged.jane} +${JANE} +[0-9,]* +\\+15550100001$`, "m"));
  match(all, /^1 +Me \(you\) +–$/m);
  const one = succeeded(await merged.contacts("list", "appleseed"));
  equal(one.split("\n").length, 3, one);
  const found = v.parse(List, JSON.parse(succeeded(await merged.contacts("list", "--json", "5550100002"))));
  deepEqual(found.items.map(({ id, messages }) => [id, messages]), [[merged.number, 1]]);
  equal(succeeded(await merged.contacts("list", "nobody-like-that")), "Nobody matches.\n");
}

/** The same words alone and beside an instance: merges, undo, merges, rename, taken back. */
async function goThrough(merged: Merged): Promise<void> {
  const before = succeeded(await merged.contacts("merges"));
  match(
    before,
    /^ID {2}When +Who became whom +Why +Undone\n1 +[-0-9]{10} [0-9:]{5} +\+15550100002 → Jane Appleseed +both on one card\n$/,
  );
  const undone = succeeded(await merged.contacts("undo", "1"));
  equal(undone, `Merge 1 is undone: ${NUMBER} and ${JANE} are two contacts again.\n`);
  match(succeeded(await merged.contacts("merges")), /, by you\n$/);
  const listed = v.parse(List, JSON.parse(succeeded(await merged.contacts("merges", "--json"))));
  const [merge = { id: 0 }] = listed.items;
  deepEqual([listed.items.length, merge.id, merge["from_id"], merge["into_id"], merge["undone_by"]], [
    1,
    1,
    merged.number,
    merged.jane,
    "user",
  ]);
  failed(await merged.contacts("undo", "1"), 1, /^Merge 1 is already undone/);
  failed(
    await merged.contacts("undo", "77", "--json"),
    1,
    /^Merge 77 not found\. To list them: `[^`]+ contacts merges /,
  );
  failed(
    await merged.contacts("rename", "77", JANE),
    1,
    /^Contact 77 not found\. To list people with their ids: `[^`]+ contacts list /,
  );
  failed(
    await merged.contacts("rename", "1", "Boss"),
    1,
    /^Contact 1 is you, and keeps the name of your own card\./,
  );
  await listPeople(merged);

  const { number } = merged;
  equal(
    succeeded(await merged.contacts("rename", `${number}`, "Mum", "Jones")),
    `Contact ${number} is now Mum Jones.\n`,
  );
  const item = parseObject(succeeded(await merged.contacts("rename", "--json", `${number}`, " Mum ")));
  deepEqual([item["id"], item["name"], item["name_source"]], [number, "Mum", "user"]);
  match(
    succeeded(await merged.contacts("rename", `${number}`, "")),
    new RegExp(`^Your name for contact ${number} was removed; it is [^\n]+ again\\.\n$`),
  );
}

Deno.test("contacts lists, undoes and renames when no instance runs", async () => {
  await using merged = new Merged();
  await goThrough(merged);
});

Deno.test("contacts lists, undoes and renames through the instance that runs, which tells its clients", async () => {
  await using merged = new Merged();
  await using program = new RunningProgram(["run", "--sidecar", ...merged.flags]);
  await program.lineOut((line) => line.includes('"type":"ready"'));
  await goThrough(merged);
  program.signal("SIGTERM");
  const { stdout, stderr } = await program.ended();
  const told = stdout.split("\n").filter((line) => line.includes('"type":"event"'));
  ok(told.some((line) => line.includes('"contact.unmerged"')), stdout);
  ok(told.some((line) => line.includes('"contact.updated"') && line.includes('"Mum Jones"')), stdout);
  for (const name of ["Jane", "Mum", NUMBER]) ok(!stderr.includes(name), stderr);
});

Deno.test("contacts merges gives every page when the instance has more than one", async () => {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  const database = `${folder}/chatstats.db`;
  const words = { ...MERGE, from_name: NUMBER, into_name: JANE };
  const asked: unknown[] = [];
  await using server = startServer({
    contacts: {
      ...NO_CONTACTS,
      merges: (ask) => {
        asked.push(ask);
        const page = Number(ask.before ?? 1);
        return {
          items: [JSON.stringify({ ...words, id: 4 - page })],
          next: page === 3 ? null : `${page + 1}`,
        };
      },
    },
  });
  const { lock } = await acquireInstance(database, systemClock);
  ok(lock);
  using held = lock;
  const { url, ws } = server.http;
  held.publish({
    pid: Deno.pid,
    url,
    ws,
    token: TOKEN,
    feed: server.store.feed,
    version: "0.1.0",
    started_at: "2026-11-22T14:03:11.204Z",
    database,
  });
  const { stdout, stderr, code } = await runProgram(["contacts", "merges", "--json", "--database", database]);
  equal(code, 0, stderr);
  deepEqual(v.parse(List, JSON.parse(stdout)).items.map(({ id }) => id), [3, 2, 1]);
  deepEqual(asked, [null, "2", "3"].map((before) => ({ limit: 200, before })));
  held.release();
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("contacts exits 1 with one line and makes nothing when there is no database", async () => {
  const folder = Deno.makeTempDirSync();
  const database = `${folder}/ours/x.db`;
  await using line = new CommandLine();
  for (const words of [["list"], ["merges"], ["undo", "1"], ["rename", "1", JANE]]) {
    failed(
      await line.run(["contacts", ...words, "--database", database]),
      1,
      /^No ChatStats database at /,
    );
  }
  deepEqual([...Deno.readDirSync(folder)], []);
  Deno.removeSync(folder);
});

Deno.test("contacts exits 2 and repeats nothing when the id is no number or the name does not fit", async () => {
  const cases: [string[], RegExp][] = [
    [["undo", JANE], /^ID must be the number of a merge/],
    [["undo", "0"], /^ID must be/],
    [["undo", "1.5"], /^ID must be/],
    [["undo", "9999999999999999"], /^ID must be/],
    [["rename", "Jane", "7"], /^ID must be the number of a contact/],
    [["rename", "7"], /^contacts rename needs NAME after it/],
    [["rename", "7", `Jane${"x".repeat(200)}`], /^The name is longer than 200 characters/],
    [["rename", "7", "Jane\nSmith"], /^The name holds a line break/],
  ];
  await using line = new CommandLine();
  for (const [words, expected] of cases) {
    failed(await line.run(["contacts", ...words, "--database", "/nowhere/x.db"]), 2, expected);
  }
});

const MERGE: MergeWords = {
  id: 12,
  from_id: 3,
  into_id: 2,
  from_name: NUMBER,
  into_name: JANE,
  reason: "one_card",
  created_at: new Date(2026, 10, 22, 14, 3).getTime(),
  undone_at: null,
  undone_by: null,
};

Deno.test("mergesText() lays its columns out when names are wide, and says what became of each", () => {
  const undone_at = new Date(2026, 10, 23, 9, 5).getTime();
  equal(
    mergesText([
      { ...MERGE, reason: "linked_cards", into_name: "山田 太郎" },
      { ...MERGE, id: 7, undone_at, undone_by: "user" },
      { ...MERGE, id: 6, undone_at, undone_by: "cards" },
    ]),
    [
      "ID  When              Who became whom                Why                     Undone",
      "12  2026-11-22 14:03  +15550100002 → 山田 太郎       their cards are linked",
      "7   2026-11-22 14:03  +15550100002 → Jane Appleseed  both on one card        2026-11-23 09:05, by you",
      "6   2026-11-22 14:03  +15550100002 → Jane Appleseed  both on one card        2026-11-23 09:05, as the cards changed",
      "",
    ].join("\n"),
  );
  equal(mergesText([]), "No contacts were merged.\n");
});

Deno.test("mergesText() has words for every reason, and shows one that it does not know", () => {
  const reasons: MergeReason[] = ["one_card", "linked_cards", "same_name", "nameless_on_card"];
  for (const reason of reasons) ok(!mergesText([{ ...MERGE, reason }]).includes(reason), reason);
  ok(mergesText([{ ...MERGE, reason: "of_tomorrow" }]).includes("of_tomorrow"));
});

Deno.test("contacts' words steer no terminal when a name holds control characters", () => {
  const evil = "\u001b[2J\u202eEve\r\nroot#\u2028";
  const contact: ContactWords = { id: 7, name: evil, name_source: "user" };
  const texts = [
    mergesText([{ ...MERGE, from_name: evil, into_name: evil, reason: evil }]),
    contactsText([{ ...contact, is_me: false, messages: 1, identifiers: [{ identifier: evil }] }], false),
    undoneLine({ ...MERGE, from_name: evil, into_name: evil }),
    renamedLine(contact),
    renamedLine({ ...contact, name_source: "identifier" }),
  ];
  for (const text of texts) {
    ok(text.includes("Eve root#"), text);
    for (const line of text.split("\n")) ok(!/[\p{Cc}\u2028\u202e]/u.test(line), JSON.stringify(line));
  }
  deepEqual(texts.map((text) => text.split("\n").length), [3, 3, 2, 2, 2]);
});

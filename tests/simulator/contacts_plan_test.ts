import assert from "node:assert/strict";
import { storePath } from "../../src/simulator/contacts_app.ts";
import { makeContactsPast, playContactsPace } from "../../src/simulator/contacts_pace.ts";
import { type ContactsStep, planContacts } from "../../src/simulator/contacts_plan.ts";
import { SCENES } from "../../src/simulator/conversations.ts";
import { planHumanPace } from "../../src/simulator/human_plan.ts";
import { MessagesApp } from "../../src/simulator/messages_app.ts";
import { PEOPLE } from "../../src/simulator/people.ts";
import { SeededRandom } from "../../src/simulator/random.ts";
import { text } from "../../src/sqlite/row.ts";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { fastClock } from "../support/fast_clock.ts";
import { temporaryChatDatabase, temporaryFolder } from "./support/temporary.ts";

/** What a person reads of an address on a card, put back into what Messages knows it by. */
function addresses(step: ContactsStep): string[] {
  if (step.kind !== "add") return [];
  const { phones = [], emails = [] } = step.card;
  return [
    ...phones.map((phone) => phone.replace(/^\(/, "+1(").replace(/[^+\d]/g, "")),
    ...emails,
  ];
}

for (const seed of [1, 2, 3, 4, 5]) {
  Deno.test(`planContacts() gives two numbers a card after their first words, renames one and adds Luca's second when the seed is ${seed}`, () => {
    const plan = planContacts(seed);
    assert.deepEqual(planContacts(seed), plan);
    const said = new Map<string, number>();
    for (const { atMs, line } of planHumanPace(new SeededRandom(seed), SCENES)) {
      if (atMs > 90_000) break;
      if (line.kind === "say" && line.who !== "me" && !said.has(PEOPLE[line.who].address)) {
        said.set(PEOPLE[line.who].address, atMs);
      }
    }
    const strangers = plan.steps.flatMap((step) =>
      step.kind === "add" && step.card.store === "root" ? [step] : []
    );
    assert.equal(strangers.length, 2);
    for (const step of strangers) {
      const [address = ""] = addresses(step);
      const after = step.atMs - (said.get(address) ?? NaN);
      assert.ok(after > 2_000 && after < 8_000, `${after} ms after the first words of ${address}`);
      assert.ok(!JSON.stringify(plan.cards).includes(step.card.firstName ?? step.card.organization ?? ""));
    }
    const times = plan.steps.map(({ atMs }) => atMs);
    assert.deepEqual(times, times.toSorted((a, b) => a - b));
    assert.ok((times.at(-1) ?? Infinity) < 60_000);
    assert.deepEqual(plan.steps.map(({ kind }) => kind).toSorted(), ["add", "add", "add", "edit", "message"]);
    assert.equal(plan.cards.length, Object.keys(PEOPLE).length - strangers.length);
  });
}

Deno.test("planContacts() gives strangers who write from a mail address a card with it, too", () => {
  const scenes = [{
    about: "a mail",
    chat: { person: "theo" },
    lines: [{ kind: "say", who: "theo", text: "hi", label: undefined }],
  }] as const;
  const [first] = planContacts(1, scenes).steps;
  assert.deepEqual(first && addresses(first), [PEOPLE.theo.address]);
});

Deno.test("playContactsPace() does each step at its time and stops when told to", async () => {
  using folder = temporaryFolder();
  using chat = temporaryChatDatabase();
  const plan = planContacts(2);
  const done: { readonly atMs: number; readonly what: string }[] = [];
  const abort = new AbortController();
  const last = plan.steps.at(-1)?.atMs ?? 0;
  const clock = fastClock(undefined, (elapsed) => {
    if (elapsed > last - 1) abort.abort();
  });
  const startMs = clock.monotonic();
  const note = (what: string) => {
    done.push({ atMs: clock.monotonic() - startMs, what });
    return Promise.resolve({ guid: "chat" });
  };
  makeContactsPast(plan, folder.path, new MessagesApp(chat.db, { clock }));
  await playContactsPace(plan, {
    contacts: { addCard: () => note("add"), editCard: () => note("edit") },
    messages: { createChat: () => Promise.resolve({ guid: "chat" }), message: () => note("message") },
    clock,
    signal: abort.signal,
  });
  assert.deepEqual(
    done.map(({ what, atMs }) => [what, Math.round(atMs)]),
    plan.steps.slice(0, -1).map(({ kind, atMs }) => [kind, Math.round(atMs)]),
  );
  const handles = chat.db.prepare("SELECT id FROM handle ORDER BY id").all().map((row) => text(row, "id"));
  assert.deepEqual(handles, [PEOPLE.mum.address, PEOPLE.luca.address].toSorted());
  using root = openDatabase(storePath(folder.path, "root"), { readOnly: true });
  const cards = root.prepare("SELECT count(*) AS n FROM ZABCDRECORD WHERE ZUNIQUEID GLOB '*:ABPerson'").get();
  assert.equal(cards?.["n"], plan.cards.length);
});

/** Messages per day as the API gives them, on a real database; what is right is counted anew in TypeScript. */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import type { Activity, ActivityAsk } from "../../src/model/activity.ts";
import { LiveSyncError } from "../../src/model/errors.ts";
import { SeededRandom } from "../../src/simulator/random.ts";
import { deferIndexes } from "../../src/store/deferred_indexes.ts";
import { type Pauses, readActivity } from "../../src/store/queries/activity.ts";
import { StateStore } from "../../src/store/state.ts";
import { localDays } from "../../src/store/queries/local_days.ts";
import { People } from "../sync/contacts/support/people.ts";
import { testSeed } from "../support/seed.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK: ActivityAsk = { days: 7, zone: "UTC", top: null };
const NEVER: Pauses = { isDue: () => false, pause: () => Promise.resolve() };
const ME = 1;

class Talk extends People {
  readonly where: number;
  #rows = 0;

  constructor() {
    super();
    this.where = this.chat(this.contact("+15550100000", "Zed"));
  }

  /** `sender` null: the source names nobody. */
  sent(sender: number | null, timestamp: number | null, deletedAt: number | null = null): void {
    this.db.prepare(
      `INSERT INTO messages (guid, chat_id, sender_id, sender_identifier_id, timestamp, is_from_me, message_type, deleted_at)
       VALUES (:guid, :where, :sender, (SELECT id FROM contact_identifiers WHERE contact_id = :sender), :timestamp,
               :sender IS 1, 'text', :deletedAt)`,
    ).run({ guid: `m${++this.#rows}`, where: this.where, sender, timestamp, deletedAt });
  }

  activity(ask: ActivityAsk, pauses: Pauses = NEVER): Promise<Activity> {
    return readActivity(this.db, ask, NOW, pauses);
  }

  /** Makes the pauses that are due after each sender; `meanwhile` gets how many there were before. */
  inPauses(meanwhile: (pause: number) => void): Pauses {
    let pauses = 0;
    return {
      isDue: () => true,
      pause: () => {
        meanwhile(pauses++);
        return Promise.resolve();
      },
    };
  }
}

function refused(code: string): (error: unknown) => boolean {
  return (error) => error instanceof LiveSyncError && error.code === code;
}

Deno.test("readActivity() counts what was sent and received on each day, zeros among them", async () => {
  using talk = new Talk();
  const jane = talk.contact("+15550100001", "Jane");
  const today = Date.UTC(2026, 10, 22);
  for (const sender of [ME, ME, jane, null]) talk.sent(sender, today);
  talk.sent(jane, today - 1);
  talk.sent(ME, today - 6 * DAY);
  // The period's first moment is all that this one has.
  talk.sent(talk.contact("+15550100002", "Omar"), today - 6 * DAY);
  // Outside: a moment too early, a moment too late, without a date.
  for (const timestamp of [today - 6 * DAY - 1, today + DAY, null]) talk.sent(jane, timestamp);
  const { items, ...rest } = await talk.activity(WEEK);
  deepEqual(rest, { tz: "UTC", next: null, sent: 3, received: 4 });
  deepEqual(items.map(({ date, sent, received }) => [date, sent, received]), [
    ["2026-11-16", 1, 1],
    ["2026-11-17", 0, 0],
    ["2026-11-18", 0, 0],
    ["2026-11-19", 0, 0],
    ["2026-11-20", 0, 0],
    ["2026-11-21", 0, 1],
    ["2026-11-22", 2, 2],
  ]);
  equal(items[0]?.start, today - 6 * DAY);
});

Deno.test("readActivity() gives empty days when there is no message at all", async () => {
  using talk = new Talk();
  const { items, contacts, others } = await talk.activity({ ...WEEK, top: 3 });
  equal(items.length, 7);
  ok(items.every(({ sent, received }) => sent === 0 && received === 0));
  deepEqual([contacts, others], [[], { contacts: 0, total: 0, days: [0, 0, 0, 0, 0, 0, 0] }]);
});

Deno.test("readActivity() leaves deleted messages out, and takes them in again when they are restored", async () => {
  using talk = new Talk();
  const jane = talk.contact("+15550100001", "Jane");
  for (const deletedAt of [null, 1, 2]) talk.sent(jane, NOW, deletedAt);
  talk.sent(ME, NOW, 3);
  talk.sent(null, NOW, 3);
  const read = async () => {
    const { sent, received, contacts } = await talk.activity({ ...WEEK, top: 3 });
    return [sent, received, contacts?.map(({ total }) => total)];
  };
  deepEqual(await read(), [0, 1, [1]]);
  talk.db.exec("UPDATE messages SET deleted_at = 4");
  deepEqual(await read(), [0, 0, []]);
  talk.db.exec("UPDATE messages SET deleted_at = NULL");
  deepEqual(await read(), [1, 4, [3]]);
});

Deno.test("readActivity() tells apart who sent most, by the names they have now", async () => {
  using talk = new Talk();
  const [jane = 0, omar = 0, liz = 0] = ["Jane", "a\0b", "Liz"].map((name, i) =>
    talk.contact(`+1555010000${i + 1}`, name)
  );
  const old = talk.contact("jane@example.com");
  for (const sender of [jane, old, old, liz, omar, omar, null]) talk.sent(sender, NOW);
  talk.sent(liz, NOW - DAY);
  talk.merge(old, jane);
  const { contacts, others, received } = await talk.activity({ days: 2, zone: "UTC", top: 2 });
  deepEqual(contacts, [
    { id: jane, name: "Jane", total: 3, days: [0, 3] },
    { id: omar, name: "a\0b", total: 2, days: [0, 2] },
  ]);
  deepEqual([others, received], [{ contacts: 1, total: 3, days: [1, 2] }, 8]);
});

Deno.test("readActivity() puts every message to its local day when the clock is put forward and back in between", async () => {
  using talk = new Talk();
  const seed = testSeed();
  console.log(`seed ${seed}`);
  const random = new SeededRandom(seed);
  const senders = [ME, null, ...["A", "B", "C"].map((name, i) => talk.contact(`+1555010000${i + 1}`, name))];
  const said: { sender: number | null; at: number }[] = [];
  talk.db.transaction(() => {
    for (let i = 0; i < 3_000; i++) {
      // Most of them in hours in which days begin somewhere.
      const at = NOW - random.integer(0, 370) * DAY - random.integer(0, 30) * HOUR / 2 -
        random.integer(0, 1) * random.integer(0, HOUR);
      const sender = senders[random.integer(0, senders.length - 1)] ?? null;
      said.push({ sender, at });
      talk.sent(sender, at);
    }
  });
  for (const zone of ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]) {
    const local = localDays(NOW, 365, zone);
    ok(local !== null);
    const { items, contacts, others, sent, received } = await talk.activity({ days: 365, zone, top: 2 });
    const dateOf = new Intl.DateTimeFormat("sv-SE", { timeZone: zone });
    const counts = new Map(items.map(({ date }) => [date, { sent: 0, received: 0 }]));
    for (const { sender, at } of said) {
      const day = counts.get(dateOf.format(at));
      if (day !== undefined) day[sender === ME ? "sent" : "received"]++;
    }
    deepEqual(
      new Map(items.map((item) => [item.date, { sent: item.sent, received: item.received }])),
      counts,
      zone,
    );
    deepEqual(items.map(({ start }) => start), local.days.map(({ start }) => start));
    deepEqual(
      [sent, received],
      ["sent", "received"].map((way) =>
        [...counts.values()].reduce((sum, day) => sum + (way === "sent" ? day.sent : day.received), 0)
      ),
    );
    items.forEach((item, i) => {
      const people = contacts?.reduce((sum, { days }) => sum + (days[i] ?? 0), 0) ?? 0;
      equal(people + (others?.days[i] ?? 0), item.received, item.date);
    });
  }
});

Deno.test("readActivity() counts no message twice when contacts are merged and taken apart while it pauses", async () => {
  using talk = new Talk();
  const people = [1, 2, 3, 4].map((i) => talk.contact(`+1555010000${i}`, `P${i}`));
  const [first = 0, , , last = 0] = people;
  for (const person of people) talk.sent(person, NOW);
  let merged = 0;
  // The first is counted when it goes over to the last, who is not.
  const once = talk.inPauses((pause) => {
    if (pause === 1) merged = (talk.merge(first, last), talk.lastMerge);
  });
  const after = await talk.activity({ ...WEEK, top: 9 }, once);
  deepEqual([after.received, after.contacts?.map(({ id, total }) => [id, total])], [
    4,
    [[last, 2], [people[1], 1], [people[2], 1]],
  ]);
  // Every time again: it no longer pauses then.
  let changes = 0;
  const always = talk.inPauses(() => {
    changes++;
    if (merged === 0) merged = (talk.merge(first, last), talk.lastMerge);
    else {
      talk.writer.undo(merged, "user", "user", true);
      merged = 0;
    }
  });
  equal((await talk.activity(WEEK, always)).received, 4);
  equal(changes, 2);
});

Deno.test("readActivity() lets new messages come in while it pauses", async () => {
  using talk = new Talk();
  const people = [1, 2, 3].map((i) => talk.contact(`+1555010000${i}`, `P${i}`));
  for (const person of people) talk.sent(person, NOW);
  let pauses = 0;
  const { received, contacts, others } = await talk.activity(
    { ...WEEK, top: 2 },
    talk.inPauses((pause) => {
      pauses++;
      if (pause === 0) people.forEach((person) => talk.sent(person, NOW));
    }),
  );
  // The first is counted already.
  equal(received, 5);
  equal((contacts?.reduce((sum, { total }) => sum + total, 0) ?? 0) + (others?.total ?? 0), 5);
  equal(pauses, 4);
});

Deno.test("readActivity() throws what a pause throws, bad_request for a zone that is none, importing without indexes", async () => {
  using talk = new Talk();
  talk.sent(ME, NOW);
  const stopping = () => {
    throw new LiveSyncError("stopping", "Cannot answer");
  };
  await rejects(talk.activity(WEEK, talk.inPauses(stopping)), refused("stopping"));
  await rejects(talk.activity({ ...WEEK, zone: "Mars/Phobos" }), refused("bad_request"));
  const begin = () => talk.db.transaction(() => deferIndexes(talk.db, new StateStore(talk.db)));
  await rejects(talk.activity(WEEK, talk.inPauses(begin)), refused("importing"));
  await rejects(talk.activity(WEEK), refused("importing"));
});

import { deepEqual } from "node:assert/strict";
import * as fc from "fast-check";
import { type DayCount, DayTally } from "../../src/store/queries/day_tally.ts";
import { testSeed } from "../support/seed.ts";

Deno.test("DayTally tells apart who sent most and adds all others up", () => {
  const tally = new DayTally(3, 2);
  tally.addSent([[0, 4], [2, 1]]);
  tally.addReceived(11, [[0, 2]]);
  tally.addReceived(12, [[1, 5]]);
  tally.addReceived(13, [[0, 1], [2, 1]]);
  tally.addReceived(14, [[2, 9]]);
  tally.addReceived(15, [[1, 0]]);
  tally.addReceived(null, [[0, 100]]);
  deepEqual(tally.sent, [4, 0, 1]);
  deepEqual(tally.received, [103, 5, 10]);
  deepEqual(tally.top, [
    { sender: 14, total: 9, days: [0, 0, 9] },
    { sender: 12, total: 5, days: [0, 5, 0] },
  ]);
  deepEqual(tally.others, { contacts: 2, total: 104, days: [103, 0, 1] });
});

Deno.test("DayTally keeps the order in which equals were added", () => {
  const tally = new DayTally(1, 2);
  for (const sender of [1, 2, 3]) tally.addReceived(sender, [[0, 7]]);
  deepEqual(tally.top.map(({ sender }) => sender), [1, 2]);
});

Deno.test("DayTally holds the right people and loses no message whoever comes in which order", () => {
  const counts = fc.array(fc.tuple(fc.nat(4), fc.nat(3)), { maxLength: 5 });
  fc.assert(
    fc.property(fc.array(counts, { maxLength: 12 }), fc.nat(5), (people: DayCount[][], top) => {
      const tally = new DayTally(5, top);
      people.forEach((days, sender) => tally.addReceived(sender, days));
      const totals = people.map((days, sender) => ({
        sender,
        total: days.reduce((sum, [, n]) => sum + n, 0),
      }))
        .filter(({ total }) => total > 0).toSorted((a, b) => b.total - a.total || a.sender - b.sender);
      deepEqual(tally.top.map(({ sender, total }) => ({ sender, total })), totals.slice(0, top));
      deepEqual(
        [0, 1, 2, 3, 4].map((day) =>
          tally.top.reduce((sum, each) => sum + (each.days[day] ?? 0), tally.others.days[day] ?? 0)
        ),
        tally.received,
      );
      deepEqual(tally.others.contacts, Math.max(0, totals.length - top));
    }),
    { seed: testSeed(), numRuns: 300 },
  );
});

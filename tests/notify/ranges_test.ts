import assert from "node:assert/strict";
import fc from "fast-check";
import { SeqRanges } from "../../src/notify/ranges.ts";

Deno.test("SeqRanges holds exactly what was added when ranges overlap in any order", () => {
  const range = fc.tuple(fc.nat(60), fc.nat(60));
  fc.assert(fc.property(fc.array(range, { maxLength: 12 }), (added) => {
    const ranges = new SeqRanges();
    const expected = new Set<number>();
    for (const [from, to] of added) {
      ranges.add(from, to);
      for (let seq = from + 1; seq <= to; seq++) expected.add(seq);
    }
    for (let seq = 0; seq <= 62; seq++) assert.equal(ranges.has(seq), expected.has(seq), `at ${seq}`);
    let runs = 0;
    for (const seq of expected) if (!expected.has(seq - 1)) runs++;
    assert.equal(ranges.count, runs, "touching ranges are one");
  }));
});

Deno.test("forget() drops only ranges that end at or before the position when some reach beyond", () => {
  const ranges = new SeqRanges();
  ranges.add(0, 5);
  ranges.add(10, 20);
  ranges.forget(12);
  assert.deepEqual([ranges.has(3), ranges.has(11), ranges.has(20), ranges.count], [false, true, true, 1]);
});

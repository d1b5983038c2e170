import assert from "node:assert/strict";
import { byMonth, chartData, stacked } from "../../src/dashboard/page/activity.ts";
import { retryDelayMs } from "../../src/dashboard/page/backoff.ts";
import { paced } from "../../src/dashboard/page/pace.ts";
import { counted, Words } from "../../src/dashboard/page/times.ts";
import type { Activity } from "../../src/dashboard/page/wire.ts";
import { FakeClock } from "../support/fake_clock.ts";

const DAY_MS = 24 * 3600 * 1000;
const NOW = Date.UTC(2026, 10, 22, 14, 3, 11);

function activity(days: number): Activity {
  const start = Date.UTC(2026, 0, 30);
  return {
    items: Array.from({ length: days }, (_, day) => ({
      date: new Date(start + day * DAY_MS).toISOString().slice(0, 10),
      start: start + day * DAY_MS,
      sent: day,
      received: 2,
    })),
    sent: days * (days - 1) / 2,
    received: 2 * days,
    contacts: [{ id: 7, name: "Jane", total: days, days: Array(days).fill(1) }],
    others: { contacts: 1, total: days, days: Array(days).fill(1) },
  };
}

Deno.test("chartData() has a bar for each day, the reader first, when bars are days", () => {
  const { starts, series } = chartData(activity(3), 1);
  assert.deepEqual(starts.length, 3);
  assert.deepEqual(series.map(({ label, counts }) => [label, counts]), [
    ["You", [0, 1, 2]],
    ["Jane", [1, 1, 1]],
    ["1 other", [1, 1, 1]],
  ]);
});

Deno.test("chartData() loses no day of the newest weeks when bars are weeks", () => {
  const { starts, series } = chartData(activity(16), 7);
  assert.equal(starts.length, 2);
  assert.equal(starts[0], activity(16).items[2]?.start);
  assert.deepEqual(series[1]?.counts, [7, 7]);
  assert.deepEqual(series[0]?.counts, [2 + 3 + 4 + 5 + 6 + 7 + 8, 9 + 10 + 11 + 12 + 13 + 14 + 15]);
});

Deno.test("chartData() leaves out who wrote nothing", () => {
  const silent = { ...activity(3), sent: 0, others: { contacts: 0, total: 0, days: [0, 0, 0] } };
  assert.deepEqual(chartData(silent, 1).series.map(({ label }) => label), ["Jane"]);
});

Deno.test("stacked() adds each series to those below it", () => {
  const { series } = chartData(activity(3), 1);
  assert.deepEqual(stacked(series), [[0, 1, 2], [1, 2, 3], [2, 3, 4]]);
  assert.deepEqual(stacked([]), []);
});

Deno.test("byMonth() sums the days of each month, the newest first", () => {
  assert.deepEqual(byMonth(activity(4)), [
    { month: "2026-02", sent: 5, received: 4 },
    { month: "2026-01", sent: 1, received: 4 },
  ]);
});

Deno.test("retryDelayMs() waits longer each time, up to a limit, whatever the chance", () => {
  assert.deepEqual([0, 1, 2, 3].map((attempt) => retryDelayMs(attempt, 0.5)), [250, 500, 1_000, 2_000]);
  assert.equal(retryDelayMs(500, 0.5), 8_000);
  assert.deepEqual([retryDelayMs(2, 0), retryDelayMs(2, 1)], [900, 1_100]);
});

Deno.test("paced() works at once, then once more for all that was asked meanwhile, when the gap is over", async () => {
  const clock = new FakeClock();
  let works = 0;
  const ask = paced(() => Promise.resolve(void works++), 500, clock);
  ask();
  ask();
  ask();
  assert.equal(works, 1);
  await Promise.resolve();
  await Promise.resolve();
  clock.tick(499);
  assert.equal(works, 1);
  clock.tick(1);
  assert.equal(works, 2);
  await Promise.resolve();
  await Promise.resolve();
  clock.tick(500);
  assert.equal(works, 2);
  ask();
  assert.equal(works, 3);
});

Deno.test("Words writes times in the reader's zone and language", () => {
  const german = new Words(["de-DE"], "Europe/Berlin");
  const american = new Words(["en-US"], "America/New_York");
  assert.equal(german.clock(NOW), "15:03:11");
  assert.match(american.clock(NOW), /^09:03:11\sAM$/);
  assert.equal(german.brief(NOW - 60_000, NOW), "15:02");
  assert.equal(german.brief(NOW - 40 * DAY_MS, NOW), "13. Okt.");
  assert.equal(american.brief(NOW - 700 * DAY_MS, NOW), "Dec 22, 2024");
  // Yesterday evening is no time of today, though less than a day ago.
  assert.match(german.brief(NOW - 20 * 3_600_000, NOW), /^Sa/);
  assert.equal(american.ago(NOW - 5_400, NOW), "5 s ago");
  assert.equal(american.ago(NOW + 5_000, NOW), "now");
  assert.equal(american.ago(NOW - 3 * 3_600_000, NOW), "3 h ago");
});

Deno.test("Words writes counts, sizes and delays as short as can be", () => {
  const words = new Words(["en-GB"], "UTC");
  assert.equal(words.count(1_234_567), "1,234,567");
  assert.deepEqual([900, 12_345, 2_191_360, 999_900, 7e9].map((bytes) => words.size(bytes)), [
    "0.9 kB",
    "12.3 kB",
    "2.2 MB",
    "1 MB",
    "7 GB",
  ]);
  assert.deepEqual([0.2, 17.4, 1_240].map((ms) => words.delay(ms)), ["1 ms", "17 ms", "1.2 s"]);
  assert.equal(counted(words, 1, "message"), "1 message");
  assert.equal(counted(words, 0, "message"), "0 messages");
});

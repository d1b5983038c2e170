import { deepEqual, equal, ok } from "node:assert/strict";
import { dayRuns, type LocalDays, localDays } from "../../src/store/queries/local_days.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function daysOf(now: string, count: number, zone: string): LocalDays {
  const days = localDays(Date.parse(now), count, zone);
  ok(days !== null, zone);
  return days;
}

/** Each day's date with its length in hours. */
function hours({ days, end }: LocalDays): [string, number][] {
  return days.map(({ date, start }, i) => [date, ((days[i + 1]?.start ?? end) - start) / HOUR]);
}

Deno.test("localDays() gives 23 and 25 hours when the clock is put forward and back", () => {
  const cases: [string, string, [string, number][]][] = [
    ["2026-03-30T09:00Z", "Europe/Berlin", [["2026-03-28", 24], ["2026-03-29", 23], ["2026-03-30", 24]]],
    ["2026-10-25T09:00Z", "Europe/Berlin", [["2026-10-23", 24], ["2026-10-24", 24], ["2026-10-25", 25]]],
    // Half an hour.
    ["2026-04-05T09:00Z", "Australia/Lord_Howe", [["2026-04-03", 24], ["2026-04-04", 24], [
      "2026-04-05",
      24.5,
    ]]],
    // At midnight: the day begins at one.
    ["2018-11-04T15:00Z", "America/Sao_Paulo", [["2018-11-02", 24], ["2018-11-03", 24], ["2018-11-04", 23]]],
    // The day that Samoa left out.
    ["2011-12-31T10:00Z", "Pacific/Apia", [["2011-12-30", 0], ["2011-12-31", 24], ["2012-01-01", 24]]],
  ];
  for (const [now, zone, expected] of cases) deepEqual(hours(daysOf(now, 3, zone)), expected, zone);
});

Deno.test("localDays() ends with the zone's today, from its first moment to its last", () => {
  const cases: [string, string, string, string][] = [
    ["2026-11-22T23:59:59.999Z", "UTC", "2026-11-22", "2026-11-22T00:00Z"],
    ["2026-11-23T00:00:00.000Z", "UTC", "2026-11-23", "2026-11-23T00:00Z"],
    ["2026-11-22T22:59:59.999Z", "Europe/Berlin", "2026-11-22", "2026-11-21T23:00Z"],
    ["2026-11-22T23:00:00.000Z", "europe/berlin", "2026-11-23", "2026-11-22T23:00Z"],
    ["2026-11-22T18:15:00.000Z", "Asia/Kathmandu", "2026-11-23", "2026-11-22T18:15Z"],
    ["2026-11-22T02:00:00.000Z", "America/Los_Angeles", "2026-11-21", "2026-11-21T08:00Z"],
  ];
  for (const [now, zone, date, start] of cases) {
    const { days, end } = daysOf(now, 1, zone);
    deepEqual(days, [{ date, start: Date.parse(start) }], zone);
    equal(end, Date.parse(start) + DAY);
  }
});

Deno.test("localDays() gives as many days as were asked for, none twice, each where the one before ends", () => {
  const { days } = daysOf("2026-11-22T12:00Z", 3_660, "America/New_York");
  equal(days.length, 3_660);
  equal(new Set(days.map(({ date }) => date)).size, 3_660);
  deepEqual([days[0]?.date, days.at(-1)?.date], ["2016-11-15", "2026-11-22"]);
  ok(days.every(({ start }, i) => start > (days[i - 1]?.start ?? 0)));
});

Deno.test("localDays() gives null when the zone is none", () => {
  const wrong = [
    "",
    "Mars/Phobos",
    "+01:00",
    "2026-01-01T00:00Z[Europe/Berlin]",
    "Europe/Berlin\0",
    "x".repeat(65),
  ];
  for (const zone of [...wrong, "[Europe/Berlin]", " UTC", "Europe/ß"]) {
    equal(localDays(0, 1, zone), null, zone);
  }
});

Deno.test("dayRuns() finds the day of every moment by a division, and needs about five runs a year", () => {
  const cases: [string, number, string, number][] = [
    ["2026-11-22T12:00Z", 365, "Europe/Berlin", 5],
    ["2026-11-22T12:00Z", 365, "UTC", 1],
    ["2012-01-05T12:00Z", 10, "Pacific/Apia", 2],
    ["2011-12-30T11:00Z", 2, "Pacific/Apia", 1],
    ["2026-11-22T12:00Z", 3_660, "Australia/Lord_Howe", 41],
  ];
  for (const [now, count, zone, most] of cases) {
    const local = daysOf(now, count, zone);
    const runs = dayRuns(local);
    ok(runs.length <= most, `${zone}: ${runs.length}`);
    for (const [date, length] of hours(local)) {
      if (length === 0) continue;
      const place = local.days.findIndex((day) => day.date === date);
      const start = local.days[place]?.start ?? 0;
      for (const moment of [start, start + length * HOUR - 1]) {
        const [run, ...others] = runs.filter((each) => moment >= each.start && moment < each.end);
        deepEqual(others, []);
        equal(
          (run?.first ?? -1) + Math.floor((moment - (run?.start ?? 0)) / (run?.length ?? 1)),
          place,
          date,
        );
      }
    }
  }
});

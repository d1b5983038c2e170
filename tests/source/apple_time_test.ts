import { deepEqual } from "node:assert/strict";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { appleTimeMs } from "../../src/source/apple_time_sql.ts";

const JANUARY_2026 = Date.UTC(2026, 0, 15, 12);
const APPLE_0 = Date.UTC(2001, 0, 1);

/** What SQL makes of a literal in a column of this type. */
function read(literal: string, type = "INTEGER"): unknown {
  using db = openDatabase(":memory:");
  db.exec(`CREATE TABLE t (at ${type}); INSERT INTO t VALUES (${literal})`);
  const row = db.prepare(`SELECT ${appleTimeMs("at")} AS ms, typeof(${appleTimeMs("at")}) AS type FROM t`)
    .get();
  return row?.["type"] === "null" ? null : [row?.["ms"], row?.["type"]];
}

const seconds = (JANUARY_2026 - APPLE_0) / 1000;

const CASES: readonly [name: string, literal: string, ms: number | null][] = [
  ["nanoseconds", `${seconds}000000000`, JANUARY_2026],
  ["nanoseconds that are no whole millisecond", `${seconds}123999999`, JANUARY_2026 + 123],
  ["seconds", `${seconds}`, JANUARY_2026],
  ["the least nanoseconds", "1000000000000", APPLE_0 + 1_000_000],
  ["the greatest seconds", "999999999999", APPLE_0 + 999_999_999_999_000],
  ["0", "0", null],
  ["NULL", "NULL", null],
  ["negative seconds", "-86400", APPLE_0 - 86_400_000],
  ["negative nanoseconds", "-86400000000000", APPLE_0 - 86_400_000],
  ["REAL seconds with a fraction", `${seconds}.5`, JANUARY_2026 + 500],
  ["REAL nanoseconds", `${seconds}000000000.0`, JANUARY_2026],
  ["REAL 0", "0.0", null],
  ["the greatest INTEGER", "9223372036854775807", APPLE_0 + 9_223_372_036_854],
  ["the least INTEGER", "-9223372036854775808", APPLE_0 - 9_223_372_036_854],
  ["a REAL beyond every INTEGER", "1e300", APPLE_0 + 9_223_372_036_854],
];

for (const [name, literal, ms] of CASES) {
  Deno.test(`appleTimeMs() gives whole milliseconds since 1970, or NULL, when it reads ${name}`, () => {
    const expected = ms === null ? null : [ms, "integer"];
    deepEqual(read(literal), expected);
    // Upgraded files declare some columns as STRING, which keeps numbers as numbers.
    deepEqual(read(literal, "STRING"), expected);
    deepEqual(read(literal, "BLOB"), expected);
  });
}

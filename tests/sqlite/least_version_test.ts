/** Too old a SQLite is told before anything is made with it. */
import { deepEqual, doesNotThrow, equal, match, throws } from "node:assert/strict";
import { versionCheck } from "../../src/doctor/version.ts";
import { isOldSqlite, refuseOldSqlite, sqliteVersion } from "../../src/sqlite/least_version.ts";
import { openDatabase } from "../../src/sqlite/sqlite.ts";

Deno.test("isOldSqlite() is true below 3.45, and never for what can't be read", () => {
  const old = ["3.0.0", "3.43.2", "3.44.9", "2.99.1", "3.40.1"];
  const well = ["3.45.0", "3.45", "3.53.2", "3.100.0", "4.0.0", "?", ""];
  deepEqual([...old, ...well].filter(isOldSqlite), old);
});

Deno.test("refuseOldSqlite() says in one line what is needed when the library is too old", () => {
  using db = openDatabase(":memory:");
  doesNotThrow(() => refuseOldSqlite(db));
  // A function of ours stands in for SQLite's own of that name.
  db.defineFunction("sqlite_version", () => "3.43.2");
  db.finalizeStatements();
  equal(sqliteVersion(db), "3.43.2");
  throws(() => refuseOldSqlite(db), {
    code: "old_sqlite",
    message: "Cannot start: SQLite 3.43.2 is too old: 3.45 or newer is needed",
  });
});

Deno.test("versionCheck() fails with a sentence when SQLite is too old", () => {
  const versions = { program: "1", deno: "2.9.6", sqlite: "3.43.2" };
  const { ok, message, fix } = versionCheck(versions, null);
  deepEqual([ok, versionCheck({ ...versions, sqlite: "3.45.0" }, null).ok], [false, true]);
  match(message, /SQLite 3\.43\.2 is too old: 3\.45 or newer is needed\.$/);
  match(fix, /DENO_SQLITE_PATH/);
});

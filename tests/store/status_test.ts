import { equal } from "node:assert/strict";
import { readDatabaseFacts } from "../../src/store/queries/status.ts";
import { Store } from "./support/store.ts";

const DAY_MS = 24 * 3600 * 1000;
const NOW_MS = Date.UTC(2026, 0, 15, 12);

Deno.test("readDatabaseFacts() counts a row that waits as old when it was first seen more than a day ago", () => {
  using store = new Store();
  const wait = (kind: string, ageMs: number) =>
    store.db.prepare(
      "INSERT INTO pending_rows (kind, source_rowid, first_seen, reason) VALUES (:kind, :age, :seen, 'test')",
    ).run({ kind, age: ageMs, seen: NOW_MS - ageMs });
  for (const kind of ["message", "reaction", "attachment"]) {
    wait(kind, 0);
    wait(kind, DAY_MS);
    wait(kind, DAY_MS + 1);
  }
  const facts = readDatabaseFacts(store.db, NOW_MS);
  equal(facts.pending, 9);
  equal(facts.pendingOld, 3);
  // The clock that is passed in decides, not the machine's.
  equal(readDatabaseFacts(store.db, NOW_MS + DAY_MS + 1).pendingOld, 9);
  equal(readDatabaseFacts(store.db, NOW_MS - 2 * DAY_MS).pendingOld, 0);
});

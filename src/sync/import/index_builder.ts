/**
 * Between the first part of an import and the second: what the first one left for the end, in one transaction on a
 * connection of its own in a worker, because with millions of rows it takes longer than the event loop may be held.
 */
import type { Connection } from "../../sqlite/sqlite.ts";
import { buildDeferredIndexes } from "../../store/deferred_indexes.ts";
import importOrphanReactions from "../pass/sql/import_orphan_reactions.sql" with { type: "text" };
import importOrphanRemovals from "../pass/sql/import_orphan_removals.sql" with { type: "text" };
import importOrphans from "../pass/sql/import_orphans.sql" with { type: "text" };
import tempTables from "../pass/sql/temp_tables.sql" with { type: "text" };
import touchAllTapbacks from "../pass/sql/touch_all_tapbacks.sql" with { type: "text" };
import { SQL } from "../pass/statements.ts";

/**
 * Builds the indexes of `messages` and settles the tapbacks; `probe` is called at the named steps. Throws SqliteError;
 * nothing is kept then. `db` is one of `openForFinishing`.
 */
export function buildIndexes(db: Connection, nowMs: number, probe?: (label: string) => void): void {
  buildDeferredIndexes(db, () => settleAllTapbacks(db, nowMs), probe);
}

function settleAllTapbacks(db: Connection, nowMs: number): void {
  db.exec(tempTables);
  if (db.prepare(importOrphans).run({ now: nowMs }).changes > 0) {
    db.prepare(importOrphanReactions).run();
    db.prepare(importOrphanRemovals).run();
  }
  db.prepare(touchAllTapbacks).run();
  db.prepare(SQL.settleTapbacks).run();
  db.prepare(SQL.settledTapbacks).run();
}

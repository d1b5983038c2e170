import { integer } from "../sqlite/row.ts";
import type { Connection } from "../sqlite/sqlite.ts";

/** Twice of what `journal_size_limit` leaves: below it SQLite's own checkpoints do. */
const LARGE_BYTES = 32 * 1024 * 1024;

/**
 * Cuts our WAL back after a reader that held a snapshot long let it grow: SQLite itself would do that at a later
 * commit, which may not come for hours. Gives false when the reader is still there, and nothing was done.
 */
export function tidyWal(db: Connection, largeBytes: number = LARGE_BYTES): boolean {
  if (walBytes(db.path) <= largeBytes) return true;
  const row = db.prepare("PRAGMA main.wal_checkpoint(TRUNCATE)").get();
  return row !== undefined && integer(row, "busy") === 0;
}

function walBytes(path: string): number {
  try {
    return Deno.statSync(`${path}-wal`).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

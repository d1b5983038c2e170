import type { Connection } from "../../sqlite/sqlite.ts";
import type { CheckpointMode } from "./inputs.ts";
import type { CheckpointResult } from "./results.ts";

const STATEMENTS: Readonly<Record<CheckpointMode, string>> = {
  PASSIVE: "PRAGMA wal_checkpoint(PASSIVE)",
  FULL: "PRAGMA wal_checkpoint(FULL)",
  RESTART: "PRAGMA wal_checkpoint(RESTART)",
  TRUNCATE: "PRAGMA wal_checkpoint(TRUNCATE)",
};

/** Copies the WAL into the database file; after RESTART or TRUNCATE the next writer begins the WAL anew. */
export function checkpoint(db: Connection, mode: CheckpointMode): CheckpointResult {
  const row = db.prepare(STATEMENTS[mode]).get() ?? {};
  return {
    busy: row["busy"] !== 0,
    log: Number(row["log"]),
    checkpointed: Number(row["checkpointed"]),
  };
}

import type { Clock } from "../platform/clock.ts";
import { sleep } from "../platform/clock.ts";
import { silentLog } from "../platform/log.ts";
import { type Connection, SqliteError } from "../sqlite/sqlite.ts";
import { openChatStatsDatabase, type OpenDatabaseOptions } from "./database.ts";
import { explainStoreFailure } from "./open_failure.ts";

export interface PatientOptions extends OpenDatabaseOptions {
  readonly clock: Clock;
  /** A lock that lasts longer is a failure. Milliseconds. */
  readonly busyLimitMs: number;
}

const FIRST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 500;

/**
 * {@link openChatStatsDatabase} that waits while another program holds a lock, and leaves the event loop free meanwhile.
 *
 * Rejects with LiveSyncError `database_locked` when the lock lasts longer than `busyLimitMs`, else with what
 * {@link openChatStatsDatabase} throws.
 */
export async function openPatiently(path: string, options: PatientOptions): Promise<Connection> {
  const { clock, busyLimitMs, log = silentLog } = options;
  const deadline = clock.monotonic() + busyLimitMs;
  for (let waitMs = FIRST_WAIT_MS;; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      return openChatStatsDatabase(path, options);
    } catch (error) {
      if (!(error instanceof SqliteError) || !error.isBusy) throw error;
      const leftMs = deadline - clock.monotonic();
      if (leftMs <= 0) throw explainStoreFailure(error, path, "open");
      if (waitMs === FIRST_WAIT_MS) log.info("Another program holds a lock on our database: waiting for it");
      await sleep(clock, Math.min(waitMs, leftMs));
    }
  }
}

/** How the sources are, for `doctor`: looked at as a sync would read them, with nothing made beside them. */
import { LiveSyncError } from "../model/errors.ts";
import { FULL_DISK_ACCESS } from "../platform/full_disk_access.ts";
import { integer } from "../sqlite/row.ts";
import { type Connection, SqliteError } from "../sqlite/sqlite.ts";
import { readUntouched } from "../sqlite/untouched.ts";
import { hasContacts } from "./cards.ts";
import { notMessagesError, obstacleError, sourceError } from "./failure.ts";
import { inspectSource } from "./source_files.ts";
import { probeSource } from "./probe.ts";
import storeCount from "./store_count.sql" with { type: "text" };
import { storeError, storeObstacle, unknownShape } from "./store_failure.ts";
import { createStoreViews } from "./store_views.ts";
import { absentParts, createViews } from "./views.ts";

/** One row of each kind is enough to see that the tables can be read. */
const LITTLE = {
  messageRowid: 0,
  attachmentRowid: 0,
  rows: 1,
  recent: 1,
  waitingMessages: [],
  waitingAttachments: [],
  sizes: false,
} as const;

/**
 * Gives what the tables of Messages' database at `path` do without, which older and newer releases of macOS may. Throws
 * LiveSyncError: what attaching and reading it throws in a sync.
 */
export function examineMessages(path: string): readonly string[] {
  const seen = inspectSource(path);
  if (seen.kind !== "present") throw obstacleError(seen, path, FULL_DISK_ACCESS);
  try {
    return readUntouched(path, "source", (db) => {
      const lacking = createViews(db);
      if (lacking !== null) throw notMessagesError(path, lacking, isEmpty(db));
      probeSource(db, LITTLE);
      return absentParts(db);
    });
  } catch (error) {
    throw error instanceof SqliteError
      ? sourceError(error, path, inspectSource(path), FULL_DISK_ACCESS)
      : error;
  }
}

/** Gives how many cards are in the store of the AddressBook at `path`. Throws LiveSyncError as reading it in a sync does. */
export function examineStore(path: string): number {
  const seen = inspectSource(path);
  if (seen.kind !== "present") throw storeObstacle(seen, path);
  try {
    return readUntouched(path, "source", (db) => {
      const lacking = createStoreViews(db, "source");
      if (lacking.length > 0) throw unknownShape(path, lacking);
      if (!hasContacts(db)) throw unknownShape(path, ["entity ABCDContact"]);
      const row = db.prepare(storeCount).get();
      if (row === undefined) throw new LiveSyncError("unexpected_column", "Cannot count without a row");
      return integer(row, "cards");
    });
  } catch (error) {
    throw storeError(error, path);
  }
}

function isEmpty(db: Connection): boolean {
  const row = db.prepare("SELECT count(*) AS n FROM source.sqlite_schema").get();
  return row !== undefined && integer(row, "n") === 0;
}

/** How our own database is, for `doctor`: nothing is made, migrated or mended. */
import { integer, text } from "../sqlite/row.ts";
import type { Connection } from "../sqlite/sqlite.ts";
import { readUntouched } from "../sqlite/untouched.ts";
import { APPLICATION_ID, MIGRATIONS } from "./migrate.ts";
import { explainStoreFailure, refuseOddFile } from "./open_failure.ts";

export type DatabaseFindings =
  /** A file without anything in it, as an interrupted first start may leave. */
  | { readonly kind: "empty" }
  | { readonly kind: "foreign" }
  | {
    readonly kind: "ours";
    /** How many migrations it has had. */
    readonly version: number;
    /** What `quick_check` says first; null: it is sound. It names tables and indexes, never what stands in them. */
    readonly damage: string | null;
  };

/** How many migrations this program knows. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Looks into the database at `path`, which must be there; reads all of it. Throws LiveSyncError: those of
 * {@link explainStoreFailure} for reading, and `not_a_file`.
 */
export function examineDatabase(path: string): DatabaseFindings {
  refuseOddFile(path, "read");
  try {
    return readUntouched(path, "ours", look);
  } catch (error) {
    throw explainStoreFailure(error, path, "read");
  }
}

function look(db: Connection): DatabaseFindings {
  const objects = db.prepare("SELECT count(*) AS n FROM ours.sqlite_schema").get();
  if (objects !== undefined && integer(objects, "n") === 0) return { kind: "empty" };
  const id = db.prepare("PRAGMA ours.application_id").get();
  if (id === undefined || integer(id, "application_id") !== APPLICATION_ID) return { kind: "foreign" };
  const version = db.prepare("PRAGMA ours.user_version").get();
  const said = db.prepare("PRAGMA ours.quick_check(1)").get();
  const words = said === undefined ? "it says nothing" : text(said, "quick_check");
  return {
    kind: "ours",
    version: version === undefined ? 0 : integer(version, "user_version"),
    damage: words === "ok" ? null : words.replace(/\s+/g, " "),
  };
}

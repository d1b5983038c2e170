/** Versions: of this program, of what it runs on, and of the schema of our database. */
import { isOldSqlite, OLD_SQLITE_HINT, oldSqliteText } from "../sqlite/least_version.ts";
import { SCHEMA_VERSION } from "../store/examine.ts";
import { type Check, failed, passed } from "./check.ts";

export interface Versions {
  /** This program's, with its commit where that is known. */
  readonly program: string;
  readonly deno: string;
  readonly sqlite: string;
}

/** Pure. `schema`: migrations that the database has had; null where there is none. */
export function versionCheck(versions: Versions, schema: number | null): Check {
  const { program, deno, sqlite } = versions;
  const said = `ChatStats Live-Sync ${program} on Deno ${deno} with SQLite ${sqlite}`;
  if (isOldSqlite(sqlite)) {
    return failed("version", `${said}. ${oldSqliteText(sqlite)}.`, OLD_SQLITE_HINT);
  }
  if (schema === null) return passed("version", `${said}.`);
  if (schema > SCHEMA_VERSION) {
    return failed(
      "version",
      `${said}: a newer version made the database (schema ${schema}, this one knows ${SCHEMA_VERSION}).`,
      "Install the newest version, or name another file with --database.",
    );
  }
  return passed("version", `${said}; the database has schema ${schema} of ${SCHEMA_VERSION}.`);
}

/**
 * The seam to SQLite: the only way to open a database.
 *
 * The driver is sqlite_node.ts; the import map of the FFI build (`.ci/import_map.ts`) has sqlite_ffi.ts in that file's
 * place. A build has one of them, never both: a second copy of SQLite in one process drops the first one's file locks.
 */
import type { Connection, OpenOptions } from "./sql_connection.ts";
import { openConnection } from "./sqlite_node.ts";

export * from "./sql_connection.ts";
export { DRIVER } from "./sqlite_node.ts";

/** Opens (and, unless read-only, makes) the database file at `path`. Throws {@link SqliteError}. */
export function openDatabase(path: string, options: OpenOptions = {}): Connection {
  return openConnection(path, options);
}

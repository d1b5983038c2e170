/**
 * Reading a database file so that nothing in its folder is made or changed, for who only wants to know how it is.
 *
 * Opened read-only, SQLite makes a missing -wal and -shm beside a database in WAL mode and leaves them there (seen with
 * 3.53.2). A file that nobody has open is read as `immutable`, which makes none; one that is in use has both already.
 */
import { type Connection, openDatabase, readOnlyUri } from "./sqlite.ts";

/** More than one writer that begins at just that moment is no chance any more. */
const ATTEMPTS = 3;

/**
 * Gives `work` a connection on which the file at `path` is attached read-only as `schema`. It is done again when somebody
 * began to use the file meanwhile: what was read without locks may be half of two states. Throws SqliteError, and what
 * `work` throws.
 */
export function readUntouched<T>(path: string, schema: string, work: (db: Connection) => T): T {
  for (let attempt = 1;; attempt++) {
    const isStill = !isInUse(path);
    try {
      const result = readOnce(path, schema, isStill, work);
      if (!isStill || !isInUse(path) || attempt === ATTEMPTS) return result;
    } catch (error) {
      if (!isStill || !isInUse(path) || attempt === ATTEMPTS) throw error;
    }
  }
}

function readOnce<T>(path: string, schema: string, isStill: boolean, work: (db: Connection) => T): T {
  using db = openDatabase(":memory:");
  if (!isStill) db.attachReadOnly(path, schema);
  else db.prepare("ATTACH :uri AS :schema").run({ uri: `${readOnlyUri(path)}&immutable=1`, schema });
  return work(db);
}

/**
 * Whether anybody has the file open, or left something beside it that belongs to its content: a WAL (what is in it would
 * be overlooked), a rollback journal. Links are followed, as SQLite does.
 */
function isInUse(path: string): boolean {
  const real = realPath(path);
  const wal = sizeOf(`${real}-wal`);
  return sizeOf(`${real}-journal`) !== null || (wal !== null && (wal > 0 || sizeOf(`${real}-shm`) !== null));
}

function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    // Not there or not to be seen: SQLite says it better.
    return path;
  }
}

function sizeOf(path: string): number | null {
  try {
    return Deno.statSync(path).size;
  } catch {
    return null;
  }
}

/** Makes and opens `chat.db` files as Messages does: WAL, pages of 4096 bytes, Apple's indexes and triggers. */
import { LiveSyncError } from "../model/errors.ts";
import { type Connection, openDatabase } from "../sqlite/sqlite.ts";
import { type Origin, type Release, schemaOf } from "./releases.ts";

export { type Origin, type Release, RELEASES } from "./releases.ts";

/** How long Messages waits for the disk at a commit. We do not know which one Apple uses, so both are tried. */
export type Synchronous = "full" | "normal";

export interface ChatDatabaseOptions {
  readonly release: Release;
  /** Default `fresh`. */
  readonly origin?: Origin;
  /** Default `full`. */
  readonly synchronous?: Synchronous;
  /** Longest synchronous wait for another writer. Default 5,000: nothing else runs in the simulated app. */
  readonly busyTimeoutMs?: number;
}

/** Makes a new file at `path` and leaves it open for writing. Throws when a chat.db is there already. */
export function createChatDatabase(path: string, options: ChatDatabaseOptions): Connection {
  const db = open(path, options);
  try {
    if (hasTables(db)) {
      throw new LiveSyncError("chat_db_exists", `Cannot make a chat.db: the file has tables: ${path}`);
    }
    makeTables(db, options);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens the file at `path` for writing; makes it first where there is none. */
export function openChatDatabase(path: string, options: ChatDatabaseOptions): Connection {
  const db = open(path, options);
  try {
    if (!hasTables(db)) makeTables(db, options);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function open(path: string, options: ChatDatabaseOptions): Connection {
  const db = openDatabase(path, { busyTimeoutMs: options.busyTimeoutMs ?? 5_000 });
  // The page size can only be set before the first page is written, so before WAL.
  db.exec("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL;");
  db.exec(options.synchronous === "normal" ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL");
  return db;
}

function hasTables(db: Connection): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() !== undefined;
}

function makeTables(db: Connection, { release, origin = "fresh" }: ChatDatabaseOptions): void {
  db.transaction(() => db.exec(schemaOf(release, origin)));
}

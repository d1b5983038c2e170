/** Makes and opens `chat.db` files as Messages does: WAL, pages of 4096 bytes, Apple's indexes and triggers. */
import { LiveSyncError } from "../model/errors.ts";
import { type Connection, openDatabase } from "../platform/sqlite.ts";
import macos14 from "./schema/macos14.sql" with { type: "text" };
import macos15 from "./schema/macos15.sql" with { type: "text" };
import triggers from "./schema/triggers.sql" with { type: "text" };

export const RELEASES = ["macos14", "macos15"] as const;
export type Release = typeof RELEASES[number];

/** How long Messages waits for the disk at a commit. We do not know which one Apple uses, so both are tried. */
export type Synchronous = "full" | "normal";

export interface ChatDatabaseOptions {
  readonly release: Release;
  /** Default `full`. */
  readonly synchronous?: Synchronous;
  /** Longest synchronous wait for another writer. Default 5,000: nothing else runs in the simulated app. */
  readonly busyTimeoutMs?: number;
}

const SCHEMAS: Readonly<Record<Release, string>> = { macos14, macos15 };

/** Makes a new file at `path` and leaves it open for writing. Throws when a chat.db is there already. */
export function createChatDatabase(path: string, options: ChatDatabaseOptions): Connection {
  const db = open(path, options);
  try {
    if (hasTables(db)) {
      throw new LiveSyncError("chat_db_exists", `Cannot make a chat.db as the file has tables: ${path}`);
    }
    makeTables(db, options.release);
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
    if (!hasTables(db)) makeTables(db, options.release);
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

function makeTables(db: Connection, release: Release): void {
  db.transaction(() => {
    db.exec(SCHEMAS[release]);
    db.exec(triggers);
  });
}

/**
 * Messages' chat.db, ATTACHed read-only as `source` to the one writing connection.
 *
 * State machine: detached → (attach) → attached → (detach, or the file is another one) → detached.
 * It is looked at only through stat, readDir and SQLite: opening and closing chat.db or its -shm by hand in this
 * process would drop SQLite's locks.
 */
import { errorMessage, LiveSyncError } from "../model/errors.ts";
import { integer, integerOrNull, textOrNull } from "../platform/row.ts";
import { type Connection, readOnlyUri, SQLITE, SqliteError } from "../platform/sqlite.ts";
import { createViews, dropViews } from "./views.ts";

/** What tells one file from another at the same path. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  /** Milliseconds since 1970; null where the file system keeps none. */
  readonly birthMs: number | null;
}

export interface SourceGlance {
  readonly identity: FileIdentity;
  /** Last modification of the file itself, milliseconds since 1970; commits go to the WAL first. */
  readonly fileModifiedMs: number;
}

export type Presence =
  | { readonly kind: "present"; readonly glance: SourceGlance }
  | { readonly kind: "missing"; readonly reason: string }
  | { readonly kind: "forbidden"; readonly reason: string };

export function sameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.device === b.device && a.inode === b.inode && a.birthMs === b.birthMs;
}

/** Looks at the file without opening it. Errors other than missing and forbidden are thrown. */
export function glance(path: string): Presence {
  try {
    const file = Deno.statSync(path);
    const identity = { device: file.dev, inode: file.ino ?? 0, birthMs: file.birthtime?.getTime() ?? null };
    return { kind: "present", glance: { identity, fileModifiedMs: file.mtime?.getTime() ?? 0 } };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return { kind: "missing", reason: "There is no chat.db at this path" };
    }
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
      return { kind: "forbidden", reason: "The system does not let this program read Messages' folder" };
    }
    // A loop of links, a name too long, a disk that fails: a state of the source, never the end of the program.
    throw new LiveSyncError(
      "source_unreadable",
      `Cannot look at ${path}: ${errorMessage(error)}`,
      "Check the path, or name Messages' chat.db with --messages-db.",
      { cause: error },
    );
  }
}

/** Last modification of the database's WAL, milliseconds since 1970: when somebody last committed; 0: there is none. */
export function walModifiedMs(path: string): number {
  try {
    return Deno.statSync(`${path}-wal`).mtime?.getTime() ?? 0;
  } catch {
    // It only dates a latency. Whatever is wrong with the file, SQLite tells it better.
    return 0;
  }
}

/**
 * What the folder's listing says: SQLite's error text is the same for a missing and a forbidden file, and stat of a
 * file succeeds on macOS where reading its folder needs Full Disk Access.
 */
export function folderReadable(folder: string): "readable" | "missing" | "forbidden" {
  try {
    for (const _ of Deno.readDirSync(folder)) break;
    return "readable";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return "missing";
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
      return "forbidden";
    }
    throw error;
  }
}

export class MessagesDb {
  readonly #db: Connection;
  #identity: FileIdentity | null = null;
  /** Whether its tables are AUTOINCREMENT, which keeps the highest ROWID ever given. */
  #countsRowids = false;
  constructor(db: Connection, readonly path: string) {
    this.#db = db;
  }

  get attached(): boolean {
    return this.#identity !== null;
  }

  /** Identity of the attached file. */
  get identity(): FileIdentity | null {
    return this.#identity;
  }

  /**
   * Attaches the file and makes the views.
   *
   * Throws LiveSyncError `needs_permission`, `source_missing`, `source_not_messages` (some other SQLite file),
   * `source_damaged`; SqliteError for the rest.
   */
  attach(identity: FileIdentity): void {
    this.detach();
    try {
      this.#db.prepare("ATTACH :uri AS source").run({ uri: readOnlyUri(this.path) });
    } catch (error) {
      throw this.#explained(error);
    }
    try {
      const lacking = createViews(this.#db);
      if (lacking.length > 0) {
        throw new LiveSyncError(
          "source_not_messages",
          `Cannot read ${this.path} as Messages' database as it has no table ${lacking.join(", ")}`,
          "Name Messages' chat.db with --messages-db.",
        );
      }
      this.#countsRowids = this.#db.prepare(
        "SELECT 1 FROM source.sqlite_schema WHERE name = 'sqlite_sequence'",
      ).get() !== undefined;
      this.#identity = identity;
    } catch (error) {
      this.#drop();
      throw this.#explained(error);
    }
  }

  detach(): void {
    if (this.#identity === null) return;
    this.#identity = null;
    this.#drop();
  }

  #drop(): void {
    dropViews(this.#db);
    this.#db.finalizeStatements();
    this.#db.exec("DETACH source");
  }

  /** Moves when another connection committed or checkpointed; read it outside a transaction. About 4 µs. */
  dataVersion(): number {
    const row = this.#db.prepare("PRAGMA source.data_version").get();
    return row === undefined ? 0 : integer(row, "data_version");
  }

  /** Highest ROWID that `message` ever had, also when that row is gone; null where the file keeps no such note. */
  lastRowid(): number | null {
    if (!this.#countsRowids) return null;
    const row = this.#db.prepare(
      "SELECT max(seq) AS seq FROM source.sqlite_sequence WHERE name = 'message'",
    ).get();
    return row === undefined ? null : integerOrNull(row, "seq");
  }

  /** GUID of the message with this ROWID, or null. */
  guidAt(rowid: number): string | null {
    const row = this.#db.prepare("SELECT guid FROM temp.source_message WHERE rowid = :rowid").get({ rowid });
    return row === undefined ? null : textOrNull(row, "guid");
  }

  #explained(error: unknown): unknown {
    if (!(error instanceof SqliteError)) return error;
    const slash = this.path.lastIndexOf("/");
    const folder = folderReadable(slash > 0 ? this.path.slice(0, slash) : "/");
    if (error.resultCode === SQLITE.AUTH || error.resultCode === SQLITE.PERM || folder === "forbidden") {
      return new LiveSyncError(
        "needs_permission",
        `Cannot read ${this.path} as the system does not permit it`,
        "Grant Full Disk Access in System Settings › Privacy & Security, then start again.",
        { cause: error },
      );
    }
    if (error.resultCode === SQLITE.NOTADB || error.resultCode === SQLITE.CORRUPT) {
      return new LiveSyncError(
        "source_damaged",
        `Cannot read ${this.path} as it is ${
          error.resultCode === SQLITE.NOTADB ? "no SQLite database" : "damaged"
        }`,
        "Quit and reopen Messages; if it stays so, restore the file from a backup.",
        { cause: error },
      );
    }
    if (error.resultCode === SQLITE.CANTOPEN) {
      const presence = glance(this.path);
      if (presence.kind === "missing") {
        return new LiveSyncError(
          "source_missing",
          `Cannot find ${this.path}`,
          "Open Messages once, or name its chat.db with --messages-db.",
          {
            cause: error,
          },
        );
      }
      return new LiveSyncError(
        "needs_permission",
        `Cannot open ${this.path} for reading`,
        "Grant Full Disk Access in System Settings › Privacy & Security, then start again.",
        { cause: error },
      );
    }
    return error;
  }
}

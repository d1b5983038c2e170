/**
 * Messages' chat.db, ATTACHed read-only as `source` to the one writing connection.
 *
 * State machine: detached → (attach) → attached → (detach, or the file is another one) → detached.
 * Nothing but SQLite opens it, and SQLite only when presence.ts has nothing against it.
 */
import { LiveSyncError } from "../model/errors.ts";
import { FULL_DISK_ACCESS } from "../platform/full_disk_access.ts";
import { integer, textOrNull } from "../sqlite/row.ts";
import { type Connection, SqliteError } from "../sqlite/sqlite.ts";
import { notMessagesError, obstacleError, sourceError, walDeletedError } from "./failure.ts";
import {
  type FileIdentity,
  inspectSource,
  realPathOf,
  sameFile,
  sameSidecars,
  type Sidecars,
  sidecarsOf,
  type SourceFileState,
} from "./source_files.ts";
import { probeSource, type Reach } from "./probe.ts";
import { createViews, dropViews, schemaVersion } from "./views.ts";

/** What SQLite has open for us. */
export interface Attachment {
  readonly identity: FileIdentity;
  /** With links resolved, as SQLite does it. */
  readonly realPath: string;
  /** As they stood when SQLite had opened them. */
  readonly sidecars: Sidecars;
}

/** Whether somebody has made what is missing, and committed to it. Exported for its test. */
export function mayAttachAgain({ wal, shm, walBytes }: Sidecars): boolean {
  return wal !== null && shm !== null && walBytes > 0;
}

export class MessagesDb {
  readonly #db: Connection;
  #attachment: Attachment | null = null;
  #generation = 0;
  /** The file that was let go because its `-wal` or `-shm` was taken away. */
  #deafened: FileIdentity | null = null;
  /** The schema name `source` is taken; true without an identity when a DETACH failed. */
  #named = false;
  /** The file's schema_version when the views were made. */
  #viewsOf = 0;
  /** Whether `message` is AUTOINCREMENT, which keeps the highest ROWID ever given. */
  #countsRowids = false;
  readonly #permissionHint: string;

  /** `permissionHint`: what to do when the system does not let us read the file. */
  constructor(db: Connection, readonly path: string, permissionHint: string = FULL_DISK_ACCESS) {
    this.#db = db;
    this.#permissionHint = permissionHint;
  }

  get attached(): boolean {
    return this.#attachment !== null;
  }

  /** How often a file was attached. */
  get generation(): number {
    return this.#generation;
  }

  get attachment(): Attachment | null {
    return this.#attachment;
  }

  /** Identity of the attached file. */
  get identity(): FileIdentity | null {
    return this.#attachment?.identity ?? null;
  }

  /**
   * Attaches the file and makes the views. Call it only when {@link inspectSource} says `present`.
   *
   * Refuses with `source_wal_deleted` a file whose `-wal` or `-shm` was deleted or replaced under us, until somebody has
   * made it anew and committed: SQLite would make both for us, while Messages still has the old ones open. Our lock would
   * then keep it from carrying the frames of the deleted WAL over at its last close, and they would be lost. A program
   * that only reads makes both as well, so that they are there says nothing.
   *
   * Throws LiveSyncError alone: what {@link sourceError} and {@link notMessagesError} make.
   */
  attach(identity: FileIdentity): void {
    this.detach();
    this.#refuseWhatWasDeleted(identity);
    try {
      this.#db.attachReadOnly(this.path, "source");
      this.#named = true;
      this.#makeViews();
      const realPath = realPathOf(this.path);
      this.#attachment = { identity, realPath, sidecars: sidecarsOf(realPath) };
      this.#generation++;
      this.#deafened = null;
    } catch (error) {
      const explained = this.explained(error);
      try {
        this.#drop();
      } catch {
        // What was wrong first counts; the next attach drops it before anything else, and says so if it can't.
      }
      throw explained;
    }
  }

  /**
   * Makes the views anew when the tables of the attached file were changed, as Messages does at its first start after an
   * upgrade of macOS. Call it outside a transaction, before a pass. About 15 µs when nothing changed.
   *
   * Throws LiveSyncError as {@link attach}; it is tried again the next time then.
   */
  followSchema(): void {
    try {
      if (schemaVersion(this.#db) !== this.#viewsOf) this.#makeViews();
    } catch (error) {
      throw this.explained(error);
    }
  }

  #makeViews(): void {
    // Read first: a change between the two reads is seen the next time.
    const version = schemaVersion(this.#db);
    const lacking = createViews(this.#db);
    if (lacking !== null) throw notMessagesError(this.path, lacking, !this.#hasTable("%"));
    this.#countsRowids = this.#isAutoincrement("message");
    this.#viewsOf = version;
  }

  /** Lets the file go; when that fails it is done before the next attach. Throws LiveSyncError. */
  detach(): void {
    this.#attachment = null;
    try {
      this.#drop();
    } catch (error) {
      throw this.explained(error);
    }
  }

  /** Whether the `-wal` and `-shm` that SQLite has open still stand beside the file. Two stats. True: nothing is attached. */
  get sidecarsStand(): boolean {
    const attachment = this.#attachment;
    return attachment === null || sameSidecars(attachment.sidecars, sidecarsOf(attachment.realPath));
  }

  /** The file that {@link letGoDeaf} let go, for the next run of the program; null when there is none to beware of. */
  get deafened(): FileIdentity | null {
    return this.#deafened;
  }
  set deafened(deafened: FileIdentity | null) {
    this.#deafened = deafened;
  }

  /** Lets the file go after its `-wal` or `-shm` was deleted or replaced under us. Throws as {@link detach}. */
  letGoDeaf(): void {
    this.#deafened = this.identity;
    this.detach();
  }

  #refuseWhatWasDeleted(identity: FileIdentity): void {
    if (this.#deafened === null || !sameFile(this.#deafened, identity)) return;
    if (!mayAttachAgain(sidecarsOf(realPathOf(this.path)))) {
      throw walDeletedError(this.path);
    }
  }

  #drop(): void {
    if (!this.#named) return;
    dropViews(this.#db);
    this.#db.finalizeStatements();
    this.#db.exec("DETACH source");
    this.#named = false;
  }

  #hasTable(like: string): boolean {
    return this.#db.prepare("SELECT 1 FROM source.sqlite_schema WHERE type = 'table' AND name LIKE :like")
      .get({ like }) !== undefined;
  }

  #isAutoincrement(table: string): boolean {
    return this.#db.prepare(
      "SELECT 1 FROM source.sqlite_schema WHERE type = 'table' AND name = :table AND sql LIKE '%AUTOINCREMENT%'",
    ).get({ table }) !== undefined;
  }

  /**
   * Moves when another connection committed or checkpointed; read it outside a transaction. About 10 µs. Waits for no
   * lock: a look comes again in a moment, and 40 waits a second would leave the event loop nothing.
   *
   * Throws LiveSyncError: nothing but this file is read.
   */
  dataVersion(): number {
    try {
      const row = this.#db.withoutWaiting(() => this.#db.prepare("PRAGMA source.data_version").get());
      return row === undefined ? 0 : integer(row, "data_version");
    } catch (error) {
      throw this.explained(error);
    }
  }

  /** Highest ROWID that `message` ever had, also when that row is gone, 0 before the first; null where nobody notes it. */
  lastRowid(): number | null {
    if (!this.#countsRowids) return null;
    const row = this.#db.prepare(
      "SELECT coalesce(max(seq), 0) AS seq FROM source.sqlite_sequence WHERE name = 'message'",
    ).get();
    return row === undefined ? null : integer(row, "seq");
  }

  /** GUID of the message with this ROWID, or null. */
  guidAt(rowid: number): string | null {
    const row = this.#db.prepare("SELECT guid FROM temp.source_message WHERE rowid = :rowid").get({ rowid });
    return row === undefined ? null : textOrNull(row, "guid");
  }

  /**
   * Reads of Messages' file alone what a pass reads, attached for it where nothing is attached; gives what went wrong.
   * Null: the file is well, so a failure was somewhere else.
   */
  trouble(reach: Reach): LiveSyncError | null {
    const attached = this.attached;
    try {
      if (!attached) this.attach(this.#presentIdentity());
      probeSource(this.#db, reach);
      return null;
    } catch (error) {
      const explained = this.explained(error);
      if (explained instanceof LiveSyncError) return explained;
      throw explained;
    } finally {
      if (!attached) this.detach();
    }
  }

  #presentIdentity(): FileIdentity {
    const seen = inspectSource(this.path);
    if (seen.kind !== "present") throw this.obstacle(seen);
    return seen.file.identity;
  }

  /** A failure of SQLite that can have come from this file alone, in words; anything else is given back as it is. */
  explained(error: unknown): unknown {
    return error instanceof SqliteError
      ? sourceError(error, this.path, inspectSource(this.path), this.#permissionHint)
      : error;
  }

  /** Why SQLite needn't even try, in words. */
  obstacle(seen: Exclude<SourceFileState, { kind: "present" }>): LiveSyncError {
    return obstacleError(seen, this.path, this.#permissionHint);
  }
}

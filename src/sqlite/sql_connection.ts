/**
 * What the program may ask of SQLite, in its own words: no driver in here. `sqlite.ts` opens a connection on the driver
 * that is built in.
 *
 * True of each driver (tests/sqlite/driver_contract_test.ts):
 * - Foreign keys are on.
 * - A safe integer is bound as INTEGER, every other number as REAL.
 * - An INTEGER beyond 2^53 is read exactly, as bigint, or not at all: convert Apple's nanoseconds in SQL.
 * - TEXT is read only up to an embedded NUL (measured: `hex` 610062 is read as "a"). What may hold one, such as
 *   message text, is read as JSON made by SQLite (`json_object(…)`), which escapes it.
 */
import { LiveSyncError } from "../model/errors.ts";

export type SqlValue = null | number | bigint | string | Uint8Array;
export type SqlParams = Readonly<Record<string, SqlValue>>;
export type Row = Readonly<Record<string, SqlValue>>;

/** Primary result codes of SQLite that the program tells apart; the numbers are sqlite.org/rescode.html's. */
export const SQLITE = {
  ERROR: 1,
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  CONSTRAINT: 19,
  AUTH: 23,
  NOTADB: 26,
} as const;

/** A failure that SQLite reported. `resultCode` is the primary code (5 for SQLITE_BUSY_SNAPSHOT, too). */
export class SqliteError extends LiveSyncError {
  override readonly name = "SqliteError";
  constructor(readonly resultCode: number, readonly extendedCode: number, message: string, cause: unknown) {
    super(`sqlite_${resultCode}`, message, "", { cause });
  }
  /** Another connection is in the way: the same call may succeed a moment later. */
  get isBusy(): boolean {
    return this.resultCode === SQLITE.BUSY || this.resultCode === SQLITE.LOCKED;
  }
}

/**
 * There is no iterating row by row: where SQLite reports an error, `iterate()` of node:sqlite (Deno 2.9.6) ends as if
 * there were no more rows (seen with a damaged page; `all`, `get` and `run` throw). Ask for slices with LIMIT instead.
 */
export interface Statement {
  /** Runs to the end; `changes` counts rows that this statement itself changed. */
  run(params?: SqlParams): { changes: number; lastId: number };
  get(params?: SqlParams): Row | undefined;
  all(params?: SqlParams): Row[];
}

export interface SqlFunctionOptions {
  /** Same arguments, same answer: lets SQLite use it in indexes and factor it out. Default true. */
  readonly deterministic?: boolean;
}

export interface Connection extends Disposable {
  readonly path: string;
  /** One or many statements, no parameters, no rows. */
  exec(sql: string): void;
  /** A prepared statement, kept for the connection's life: asking again for the same text costs a map look-up. */
  prepare(sql: string): Statement;
  /** Registers a pure TypeScript function under `name`. */
  defineFunction(name: string, fn: (...args: SqlValue[]) => SqlValue, options?: SqlFunctionOptions): void;
  /** True between BEGIN and COMMIT or ROLLBACK. */
  readonly inTransaction: boolean;
  /** BEGIN (deferred), `work`, COMMIT; ROLLBACK and rethrow when `work` or COMMIT throws. */
  transaction<T>(work: () => T): T;
  /**
   * ATTACHes the database file at `path` as `schema`, for reading alone. Throws {@link SqliteError}; LiveSyncError
   * `attach_refused` where {@link restrictAttach} does not name the file.
   */
  attachReadOnly(path: string, schema: string): void;
  /**
   * From now on nothing but {@link attachReadOnly} attaches a file to this connection, and that only what
   * `isSource` names: ATTACH and VACUUM INTO could open and write any file, also after the program gave its permission
   * to write away. `PRAGMA writable_schema` is refused as well. Can't be taken back; a second call only narrows.
   */
  restrictAttach(isSource: (path: string) => boolean): void;
  /** `work` without the synchronous wait for a lock: SQLITE_BUSY comes at once. 5 µs (measured). */
  withoutWaiting<T>(work: () => T): T;
  /** Forgets the prepared statements, as DETACH needs ("database is locked" otherwise). */
  finalizeStatements(): void;
  close(): void;
}

/** What a build has between us and SQLite. */
export interface Driver {
  readonly name: "node:sqlite" | "@db/sqlite";
  /** Whether it stops working without Deno's permission `ffi`. */
  readonly needsFfi: boolean;
}

export interface OpenOptions {
  readonly readOnly?: boolean;
  /** Longest synchronous wait for a lock; it holds the event loop, so it stays small. Default 50. */
  readonly busyTimeoutMs?: number;
}

/** `file:` URI for ATTACH: read-only, percent-encoded, never `immutable` (that would ignore the WAL). */
export function readOnlyUri(path: string): string {
  return `file:${path.split("/").map(encodeURIComponent).join("/")}?mode=ro`;
}

/** {@link Connection.transaction} in terms of the rest of it. */
export function transact<T>(connection: Connection, work: () => T): T {
  connection.prepare("BEGIN").run();
  try {
    const result = work();
    connection.prepare("COMMIT").run();
    return result;
  } catch (error) {
    // A full disk or an I/O error may have rolled back already.
    if (connection.inTransaction) connection.prepare("ROLLBACK").run();
    throw error;
  }
}

/**
 * The seam to SQLite: the only file that imports a driver (today node:sqlite, SQLite 3.53.2 inside Deno 2.9.6).
 *
 * The interface is small and in our words, so that another driver can take its place in a build, never beside it
 * in one process: a second copy of SQLite drops the first one's file locks.
 *
 * Traps that this file takes care of, or that its users must know:
 * - node:sqlite binds a JavaScript number as REAL; here every safe integer is bound as INTEGER.
 * - An INTEGER above 2^53 throws when read: convert Apple's nanoseconds in SQL.
 * - TEXT is read only up to an embedded NUL (measured: `hex` 610062 is read as "a"). What may hold one, such as
 *   message text, is read as JSON made by SQLite (`json_object(…)`), which escapes it.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
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

export interface OpenOptions {
  readonly readOnly?: boolean;
  /** Longest synchronous wait for a lock; it holds the event loop, so it stays small. Default 50. */
  readonly busyTimeoutMs?: number;
}

/** Opens (and, unless read-only, makes) the database file at `path`. Throws {@link SqliteError}. */
export function openDatabase(path: string, options: OpenOptions = {}): Connection {
  return new NodeSqliteConnection(path, options);
}

/** `file:` URI for ATTACH: read-only, percent-encoded, never `immutable` (that would ignore the WAL). */
export function readOnlyUri(path: string): string {
  return `file:${path.split("/").map(encodeURIComponent).join("/")}?mode=ro`;
}

type NodeValue = null | number | bigint | string | Uint8Array;

function bindable(params: SqlParams): Record<string, NodeValue> {
  const bound: Record<string, NodeValue> = {};
  for (const [name, value] of Object.entries(params)) {
    bound[name] = typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  return bound;
}

/** Turns what the driver throws into {@link SqliteError}; anything else is not ours to translate. */
function translated(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "ERR_SQLITE_ERROR") return error;
  const extended = "errcode" in error && typeof error.errcode === "number"
    ? error.errcode
    : codeFromMessage(error.message);
  return new SqliteError(extended & 0xff, extended, error.message, error);
}

/** `exec()` of node:sqlite sets no errcode; the texts are those of sqlite3_errstr. */
function codeFromMessage(message: string): number {
  if (message.includes("database is locked")) return SQLITE.BUSY;
  if (message.includes("table is locked")) return SQLITE.LOCKED;
  if (message.includes("disk is full")) return SQLITE.FULL;
  if (message.includes("malformed")) return SQLITE.CORRUPT;
  if (message.includes("not a database")) return SQLITE.NOTADB;
  if (message.includes("readonly")) return SQLITE.READONLY;
  if (message.includes("unable to open")) return SQLITE.CANTOPEN;
  if (message.includes("disk I/O")) return SQLITE.IOERR;
  if (message.includes("authoriz")) return SQLITE.AUTH;
  if (message.includes("constraint failed")) return SQLITE.CONSTRAINT;
  return SQLITE.ERROR;
}

function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw translated(error);
  }
}

/** sqlite.org/c3ref/c_alter_table.html and c_deny.html. */
const ACTION = { PRAGMA: 19, ATTACH: 24 } as const;
const AUTHORIZER = { OK: 0, DENY: 1 } as const;

/** Deno 2.9.6 has the method; its types do not yet. */
interface Authorizable {
  setAuthorizer(decide: (action: number, what: string | null) => number): void;
}

function isAuthorizable(database: object): database is Authorizable {
  return "setAuthorizer" in database && typeof database.setAuthorizer === "function";
}

function withAuthorizer(database: object): Authorizable {
  if (isAuthorizable(database)) return database;
  throw new LiveSyncError(
    "no_authorizer",
    "Cannot restrict ATTACH as this Deno's node:sqlite has no authorizer",
  );
}

class NodeSqliteStatement implements Statement {
  readonly #statement: StatementSync;
  constructor(statement: StatementSync) {
    this.#statement = statement;
  }
  run(params: SqlParams = {}): { changes: number; lastId: number } {
    const result = guarded(() => this.#statement.run(bindable(params)));
    return { changes: Number(result.changes), lastId: Number(result.lastInsertRowid) };
  }
  get(params: SqlParams = {}): Row | undefined {
    return guarded(() => this.#statement.get(bindable(params)));
  }
  all(params: SqlParams = {}): Row[] {
    return guarded(() => this.#statement.all(bindable(params)));
  }
}

class NodeSqliteConnection implements Connection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Statement>();
  readonly #setBusyTimeout: string;
  /** Null: any file may be attached. */
  #isSource: ((path: string) => boolean) | null = null;
  /** True while {@link attachReadOnly} is at work: SQLite tells the authorizer no file name that was bound. */
  #attaching = false;
  constructor(readonly path: string, options: OpenOptions) {
    this.#database = guarded(() =>
      // Not as a URI: once permissions are revoked, node:sqlite looks for a file of the name "file:/…".
      new DatabaseSync(path, {
        readOnly: options.readOnly ?? false,
        timeout: options.busyTimeoutMs ?? 50,
      })
    );
    this.#setBusyTimeout = `PRAGMA busy_timeout = ${Math.trunc(options.busyTimeoutMs ?? 50)}`;
    this.exec(this.#setBusyTimeout);
  }
  exec(sql: string): void {
    guarded(() => this.#database.exec(sql));
  }
  prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = new NodeSqliteStatement(guarded(() => this.#database.prepare(sql)));
    this.#statements.set(sql, statement);
    return statement;
  }
  defineFunction(
    name: string,
    fn: (...args: SqlValue[]) => SqlValue,
    options: SqlFunctionOptions = {},
  ): void {
    this.#database.function(name, {
      deterministic: options.deterministic ?? true,
      directOnly: true,
      varargs: false,
    }, fn);
  }
  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }
  transaction<T>(work: () => T): T {
    this.prepare("BEGIN").run();
    try {
      const result = work();
      this.prepare("COMMIT").run();
      return result;
    } catch (error) {
      // A full disk or an I/O error may have rolled back already.
      if (this.inTransaction) this.prepare("ROLLBACK").run();
      throw error;
    }
  }
  attachReadOnly(path: string, schema: string): void {
    if (this.#isSource !== null && !this.#isSource(path)) {
      throw new LiveSyncError("attach_refused", `Cannot attach ${path} as it is none of the known sources`);
    }
    this.#attaching = true;
    try {
      guarded(() => this.#database.prepare("ATTACH :uri AS :schema").run({ uri: readOnlyUri(path), schema }));
    } finally {
      this.#attaching = false;
    }
  }
  restrictAttach(isSource: (path: string) => boolean): void {
    const before = this.#isSource;
    this.#isSource = before === null ? isSource : (path) => before(path) && isSource(path);
    // Asked when a statement is prepared, not when it runs: 8 µs more for one that names ten columns (measured).
    withAuthorizer(this.#database).setAuthorizer((action, what) => {
      const refused = (action === ACTION.ATTACH && !this.#attaching) ||
        (action === ACTION.PRAGMA && what?.toLowerCase() === "writable_schema");
      return refused ? AUTHORIZER.DENY : AUTHORIZER.OK;
    });
  }
  withoutWaiting<T>(work: () => T): T {
    this.prepare("PRAGMA busy_timeout = 0").run();
    try {
      return work();
    } finally {
      this.prepare(this.#setBusyTimeout).run();
    }
  }
  finalizeStatements(): void {
    this.#statements.clear();
  }
  close(): void {
    this.#statements.clear();
    this.#database.close();
  }
  [Symbol.dispose](): void {
    this.close();
  }
}

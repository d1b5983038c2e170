/**
 * SQLite through node:sqlite (SQLite 3.53.2 inside Deno 2.9.6): the driver of the ordinary build.
 *
 * Everybody but `sqlite.ts` imports that; the FFI build has sqlite_ffi.ts in this file's place.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { LiveSyncError } from "../model/errors.ts";
import {
  type Connection,
  type Driver,
  type OpenOptions,
  readOnlyUri,
  type Row,
  type SqlFunctionOptions,
  SQLITE,
  SqliteError,
  type SqlParams,
  type SqlValue,
  type Statement,
  transact,
} from "./sql_connection.ts";

/** The same names as in sqlite_ffi.ts. It is part of Deno, so the program may give the permission `ffi` away. */
export const DRIVER: Driver = { name: "node:sqlite", needsFfi: false };

export function openConnection(path: string, options: OpenOptions): Connection {
  return new NodeSqliteConnection(path, options);
}

type NodeValue = null | number | bigint | string | Uint8Array;

function bindable(params: SqlParams): Record<string, NodeValue> {
  const bound: Record<string, NodeValue> = {};
  for (const name of Object.keys(params)) {
    const value = params[name] ?? null;
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
    "Cannot restrict ATTACH: this Deno's node:sqlite has no authorizer",
  );
}

/** Without {@link guarded}, and without an object where nothing is bound: dozens of statements make a live pass. */
class NodeSqliteStatement implements Statement {
  readonly #statement: StatementSync;
  constructor(statement: StatementSync) {
    this.#statement = statement;
  }
  run(params?: SqlParams): { changes: number; lastId: number } {
    try {
      const { changes, lastInsertRowid } = params === undefined
        ? this.#statement.run()
        : this.#statement.run(bindable(params));
      return { changes: Number(changes), lastId: Number(lastInsertRowid) };
    } catch (error) {
      throw translated(error);
    }
  }
  get(params?: SqlParams): Row | undefined {
    try {
      return params === undefined ? this.#statement.get() : this.#statement.get(bindable(params));
    } catch (error) {
      throw translated(error);
    }
  }
  all(params?: SqlParams): Row[] {
    try {
      return params === undefined ? this.#statement.all() : this.#statement.all(bindable(params));
    } catch (error) {
      throw translated(error);
    }
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
    return transact(this, work);
  }
  attachReadOnly(path: string, schema: string): void {
    if (this.#isSource !== null && !this.#isSource(path)) {
      throw new LiveSyncError("attach_refused", `Cannot attach ${path}: it is none of the known sources`);
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

/**
 * SQLite through @db/sqlite 0.13 and the system's own library: the driver of the FFI build (`compile:ffi`).
 *
 * What @db/sqlite lacks (read in its source of 0.13.0), and what stands in for it:
 * - No authorizer. `restrictAttach` sets the connection's limit of attached databases to none but while
 *   `attachReadOnly` is at work, which stops ATTACH and VACUUM INTO, and refuses SQL that names `writable_schema`.
 * - No result codes on most errors: they are asked from the library (sqlite_ffi_calls.ts).
 * - Statements that can be run safely: see sqlite_ffi_statement.ts.
 */
// The order counts: the library has to be chosen before @db/sqlite is loaded.
import { SQLITE_LIBRARY_PROBLEM } from "./sqlite_ffi_library.ts";
// @ts-types="./db_sqlite.d.ts"
import { Database } from "@db/sqlite";
import { LiveSyncError } from "../model/errors.ts";
import {
  type Connection,
  type Driver,
  type OpenOptions,
  readOnlyUri,
  type SqlFunctionOptions,
  SQLITE,
  SqliteError,
  type SqlValue,
  type Statement,
  transact,
} from "./sql_connection.ts";
import { FfiCalls } from "./sqlite_ffi_calls.ts";
import { FfiStatement, type StatementPorts } from "./sqlite_ffi_statement.ts";

/** The same names as in sqlite_node.ts. Each row is read by calls into the library, so `ffi` has to stay. */
export const DRIVER: Driver = { name: "@db/sqlite", needsFfi: true };

export function openConnection(path: string, options: OpenOptions): Connection {
  return new FfiConnection(path, options);
}

/** sqlite.org/c3ref/c_open_autoproxy.html. URI is for ATTACH; a path is never taken for one, as it starts with "/". */
const OPEN = { READONLY: 0x1, READWRITE: 0x2, CREATE: 0x4, URI: 0x40 } as const;

class FfiConnection implements Connection {
  readonly #database: Database;
  readonly #calls: FfiCalls;
  readonly #statements = new Map<string, FfiStatement>();
  readonly #setBusyTimeout: string;
  /** Null: any file may be attached. */
  #isSource: ((path: string) => boolean) | null = null;
  /** How many databases SQLite itself would let be attached. */
  #attachable = 0;
  #isOpen = true;
  readonly #ports: StatementPorts = {
    assertOpen: () => this.#assertOpen(),
    failure: () => this.#thrown() ?? this.#reported(undefined),
  };
  constructor(readonly path: string, options: OpenOptions) {
    const flags = OPEN.URI | (options.readOnly ? OPEN.READONLY : OPEN.READWRITE | OPEN.CREATE);
    this.#database = opened(path, flags);
    this.#calls = new FfiCalls(this.#database.unsafeHandle);
    this.#setBusyTimeout = `PRAGMA busy_timeout = ${Math.trunc(options.busyTimeoutMs ?? 50)}`;
    this.exec(this.#setBusyTimeout);
    // As node:sqlite does for every connection; SQLite's own default is off.
    this.exec("PRAGMA foreign_keys = ON");
  }
  exec(sql: string): void {
    this.#refuseSchemaWriting(sql);
    this.#guarded(() => this.#database.exec(sql));
  }
  prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    this.#refuseSchemaWriting(sql);
    const prepared = this.#guarded(() => this.#database.prepare(sql));
    const statement = new FfiStatement(prepared, this.#calls, this.#ports);
    this.#statements.set(sql, statement);
    return statement;
  }
  defineFunction(
    name: string,
    fn: (...args: SqlValue[]) => SqlValue,
    options: SqlFunctionOptions = {},
  ): void {
    const code = this.#calls.createFunction(name, fn, options.deterministic ?? true);
    if (code !== 0) throw new SqliteError(code & 0xff, code, this.#calls.message, undefined);
  }
  get inTransaction(): boolean {
    return this.#isOpen && this.#database.inTransaction;
  }
  transaction<T>(work: () => T): T {
    return transact(this, work);
  }
  attachReadOnly(path: string, schema: string): void {
    if (this.#isSource !== null && !this.#isSource(path)) {
      throw new LiveSyncError("attach_refused", `Cannot attach ${path}: it is none of the known sources`);
    }
    if (this.#isSource !== null) this.#calls.limitAttached(this.#attachable);
    const prepared = this.#guarded(() => this.#database.prepare("ATTACH :uri AS :schema"));
    const statement = new FfiStatement(prepared, this.#calls, this.#ports);
    try {
      statement.run({ uri: readOnlyUri(path), schema });
    } finally {
      statement.finalize();
      if (this.#isSource !== null) this.#calls.limitAttached(0);
    }
  }
  restrictAttach(isSource: (path: string) => boolean): void {
    const before = this.#isSource;
    this.#isSource = before === null ? isSource : (path) => before(path) && isSource(path);
    const limit = this.#calls.limitAttached(0);
    if (before === null) this.#attachable = limit;
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
    for (const statement of this.#statements.values()) statement.finalize();
    this.#statements.clear();
  }
  close(): void {
    if (!this.#isOpen) throw new Error("database is not open");
    this.#isOpen = false;
    this.finalizeStatements();
    this.#database.close();
    this.#calls[Symbol.dispose]();
  }
  [Symbol.dispose](): void {
    this.close();
  }
  /** The name has no other spelling that SQLite would understand, so looking for it in the text is enough. */
  #refuseSchemaWriting(sql: string): void {
    if (this.#isSource !== null && /writable_schema/i.test(sql)) {
      throw new SqliteError(SQLITE.AUTH, SQLITE.AUTH, "not authorized", undefined);
    }
  }
  #guarded<T>(call: () => T): T {
    this.#assertOpen();
    try {
      return call();
    } catch (error) {
      throw this.#translated(error);
    }
  }
  /** After close() the handle points nowhere; SQLite would be asked about freed memory. */
  #assertOpen(): void {
    if (!this.#isOpen) throw new Error("database is not open");
  }
  /** What a call of the package threw: SQLite's report as {@link SqliteError}; anything else is not ours to translate. */
  #translated(error: unknown): unknown {
    const thrown = this.#thrown();
    if (thrown !== undefined) return thrown;
    return error instanceof Error && error.message === this.#calls.message ? this.#reported(error) : error;
  }
  /** What a function of ours threw while SQLite ran it. */
  #thrown(): unknown {
    return this.#calls.takeThrown()?.error;
  }
  #reported(cause: unknown): SqliteError {
    const { message, extendedCode } = this.#calls;
    const isAttachLimit = this.#isSource !== null && message.startsWith("too many attached databases");
    const code = isAttachLimit ? SQLITE.AUTH : extendedCode;
    return new SqliteError(code & 0xff, code, message, cause);
  }
}

/** Opens the file; before there is a connection the code stands in the error itself, and before its words: "14: unable …". */
function opened(path: string, flags: number): Database {
  if (SQLITE_LIBRARY_PROBLEM !== null) throw SQLITE_LIBRARY_PROBLEM;
  try {
    return new Database(path, { flags, int64: true, parseJson: false });
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "number") throw error;
    throw new SqliteError(error.code & 0xff, error.code, error.message.replace(/^\d+: /, ""), error);
  }
}

/**
 * SQLite through @db/sqlite 0.13 and the system's own library: the driver of the FFI build (`compile:ffi`).
 *
 * What @db/sqlite lacks or does otherwise (read in its source, 0.12.0), and what stands in for it:
 * - No authorizer. `restrictAttach` sets the connection's limit of attached databases to none but while
 *   `attachReadOnly` is at work, which stops ATTACH and VACUUM INTO, and refuses SQL that names `writable_schema`.
 * - No result codes on most errors: they are asked from the library (sqlite_ffi_calls.ts).
 * - It tells SQLite the length of a statement in UTF-16 units, so that SQL with other letters is cut off: padded here.
 * - Rows as objects are made by generated code that the name of a column can break: rows are read as lists here.
 * - Numbers like 1e300 are whole to JavaScript, and it binds them as INTEGER: refused here, as there is no way to
 *   bind them right.
 */
// The order counts: the library has to be chosen before @db/sqlite is loaded.
import "./sqlite_ffi_library.ts";
// @ts-types="./db_sqlite.d.ts"
import { Database, type Statement as DbStatement } from "@db/sqlite";
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
import { FfiCalls } from "./sqlite_ffi_calls.ts";

/** The same names as in sqlite_node.ts. Each row is read by calls into the library, so `ffi` has to stay. */
export const DRIVER: Driver = { name: "@db/sqlite", needsFfi: true };

export function openConnection(path: string, options: OpenOptions): Connection {
  return new FfiConnection(path, options);
}

/** sqlite.org/c3ref/c_open_autoproxy.html. URI is for ATTACH; a path is never taken for one, as it starts with "/". */
const OPEN = { READONLY: 0x1, READWRITE: 0x2, CREATE: 0x4, URI: 0x40 } as const;

function bindable(params: SqlParams): Record<string, SqlValue> {
  for (const [name, value] of Object.entries(params)) {
    const isLost = typeof value === "number"
      ? Number.isInteger(value) && !Number.isSafeInteger(value)
      : typeof value === "bigint" && BigInt.asIntN(64, value) !== value;
    if (isLost) throw new RangeError(`Cannot bind :${name} as the number is out of range`);
  }
  return { ...params };
}

/** As many spaces more as the text has bytes more than UTF-16 units. */
function padded(sql: string): string {
  return sql.padEnd(new TextEncoder().encode(sql).length);
}

class FfiStatement implements Statement {
  constructor(
    private readonly statement: DbStatement,
    private readonly guarded: <T>(call: () => T, statement: DbStatement) => T,
    private readonly lastId: () => number,
  ) {}
  run(params: SqlParams = {}): { changes: number; lastId: number } {
    const changes = this.guarded(() => this.statement.run(bindable(params)), this.statement);
    return { changes, lastId: this.lastId() };
  }
  get(params: SqlParams = {}): Row | undefined {
    const values = this.guarded(() => this.statement.value(bindable(params)), this.statement);
    return values && this.#row(this.statement.columnNames(), values);
  }
  all(params: SqlParams = {}): Row[] {
    const rows = this.guarded(() => this.statement.values(bindable(params)), this.statement);
    const names = this.statement.columnNames();
    return rows.map((values) => this.#row(names, values));
  }
  finalize(): void {
    this.statement.finalize();
  }
  #row(names: readonly string[], values: readonly SqlValue[]): Row {
    const row: Record<string, SqlValue> = {};
    for (const [index, name] of names.entries()) row[name] = values[index] ?? null;
    return row;
  }
}

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
    const prepared = this.#guarded(() => this.#database.prepare(padded(sql)));
    const statement = new FfiStatement(
      prepared,
      (call, of) => this.#guarded(call, of),
      () => this.#database.lastInsertRowId,
    );
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
      throw new LiveSyncError("attach_refused", `Cannot attach ${path} as it is none of the known sources`);
    }
    if (this.#isSource !== null) this.#calls.limitAttached(this.#attachable);
    const statement = this.#database.prepare("ATTACH :uri AS :schema");
    try {
      this.#guarded(() => statement.run({ uri: readOnlyUri(path), schema }), statement);
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
  #guarded<T>(call: () => T, statement?: DbStatement): T {
    // After close() the handle points nowhere; SQLite would be asked about freed memory.
    if (!this.#isOpen) throw new Error("database is not open");
    try {
      return call();
    } catch (error) {
      const translated = this.#translated(error);
      if (statement) this.#calls.reset(statement.unsafeHandle);
      throw translated;
    }
  }
  /** What SQLite reported, as {@link SqliteError}; anything else is not ours to translate. */
  #translated(error: unknown): unknown {
    const thrown = this.#calls.takeThrown();
    if (thrown) return thrown.error;
    const { message, extendedCode } = this.#calls;
    if (!(error instanceof Error) || error.message !== message) return error;
    const isAttachLimit = this.#isSource !== null && message.startsWith("too many attached databases");
    const code = isAttachLimit ? SQLITE.AUTH : extendedCode;
    return new SqliteError(code & 0xff, code, message, error);
  }
}

/** Opens the file; before there is a connection the code stands in the error itself. */
function opened(path: string, flags: number): Database {
  try {
    return new Database(path, { flags, int64: true, parseJson: false });
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "number") throw error;
    throw new SqliteError(error.code & 0xff, error.code, error.message, error);
  }
}

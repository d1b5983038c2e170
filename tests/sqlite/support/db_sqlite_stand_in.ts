/**
 * Stands in for jsr:@db/sqlite where jsr.io can't be reached, so that our driver on it runs at all: on the system's
 * SQLite, through the calls that it makes, with the traps that sqlite_ffi.ts works around (errors without a code, SQL
 * measured in UTF-16 units, memory that is only lent). What it can't show is a difference of the real one.
 */
const library = Deno.dlopen(Deno.env.get("DENO_SQLITE_PATH") ?? "", {
  sqlite3_open_v2: { parameters: ["buffer", "buffer", "i32", "pointer"], result: "i32" },
  sqlite3_close_v2: { parameters: ["pointer"], result: "i32" },
  sqlite3_errmsg: { parameters: ["pointer"], result: "pointer" },
  sqlite3_exec: { parameters: ["pointer", "buffer", "pointer", "pointer", "buffer"], result: "i32" },
  sqlite3_free: { parameters: ["pointer"], result: "void" },
  sqlite3_get_autocommit: { parameters: ["pointer"], result: "i32" },
  sqlite3_last_insert_rowid: { parameters: ["pointer"], result: "i64" },
  sqlite3_changes: { parameters: ["pointer"], result: "i32" },
  sqlite3_prepare_v2: { parameters: ["pointer", "buffer", "i32", "buffer", "pointer"], result: "i32" },
  sqlite3_finalize: { parameters: ["pointer"], result: "i32" },
  sqlite3_reset: { parameters: ["pointer"], result: "i32" },
  sqlite3_clear_bindings: { parameters: ["pointer"], result: "i32" },
  sqlite3_step: { parameters: ["pointer"], result: "i32" },
  sqlite3_bind_parameter_index: { parameters: ["pointer", "buffer"], result: "i32" },
  sqlite3_bind_int64: { parameters: ["pointer", "i32", "i64"], result: "i32" },
  sqlite3_bind_double: { parameters: ["pointer", "i32", "f64"], result: "i32" },
  sqlite3_bind_text: { parameters: ["pointer", "i32", "buffer", "i32", "pointer"], result: "i32" },
  sqlite3_bind_blob: { parameters: ["pointer", "i32", "buffer", "i32", "pointer"], result: "i32" },
  sqlite3_column_count: { parameters: ["pointer"], result: "i32" },
  sqlite3_column_name: { parameters: ["pointer", "i32"], result: "pointer" },
  sqlite3_column_type: { parameters: ["pointer", "i32"], result: "i32" },
  sqlite3_column_int64: { parameters: ["pointer", "i32"], result: "i64" },
  sqlite3_column_double: { parameters: ["pointer", "i32"], result: "f64" },
  sqlite3_column_text: { parameters: ["pointer", "i32"], result: "pointer" },
  sqlite3_column_blob: { parameters: ["pointer", "i32"], result: "pointer" },
  sqlite3_column_bytes: { parameters: ["pointer", "i32"], result: "i32" },
});
const sqlite = library.symbols;

type Value = null | number | bigint | string | Uint8Array;
const ROW = 100;
const DONE = 101;

class CodedError extends Error {
  constructor(readonly code: number) {
    super(`${code}: SQLite failed`);
  }
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

function textAt(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}

export class Database {
  readonly unsafeHandle: Deno.PointerValue;
  readonly statements = new Set<Statement>();
  constructor(path: string, options: { flags: number; int64: boolean; parseJson: boolean }) {
    const handle = new BigUint64Array(1);
    const code = sqlite.sqlite3_open_v2(cString(path), handle, options.flags, null);
    this.unsafeHandle = Deno.UnsafePointer.create(handle[0] ?? 0n);
    if (code === 0) return;
    sqlite.sqlite3_close_v2(this.unsafeHandle);
    throw new CodedError(code);
  }
  get inTransaction(): boolean {
    return sqlite.sqlite3_get_autocommit(this.unsafeHandle) === 0;
  }
  get lastInsertRowId(): number {
    return Number(sqlite.sqlite3_last_insert_rowid(this.unsafeHandle));
  }
  get failure(): Error {
    return new Error(textAt(sqlite.sqlite3_errmsg(this.unsafeHandle)));
  }
  exec(sql: string): number {
    const message = new BigUint64Array(1);
    sqlite.sqlite3_exec(this.unsafeHandle, cString(sql), null, null, message);
    const pointer = Deno.UnsafePointer.create(message[0] ?? 0n);
    if (pointer === null) return sqlite.sqlite3_changes(this.unsafeHandle);
    const text = textAt(pointer);
    sqlite.sqlite3_free(pointer);
    throw new Error(text);
  }
  prepare(sql: string): Statement {
    const statement = new Statement(this, sql);
    this.statements.add(statement);
    return statement;
  }
  close(): void {
    for (const statement of this.statements) statement.finalize();
    const code = sqlite.sqlite3_close_v2(this.unsafeHandle);
    if (code !== 0) throw new CodedError(code);
  }
}

export class Statement {
  readonly unsafeHandle: Deno.PointerValue;
  #isFinal = false;
  /** SQLite is lent these until the statement has run. */
  #lent: Uint8Array[] = [];
  constructor(private readonly database: Database, sql: string) {
    const handle = new BigUint64Array(1);
    // Its length is given in UTF-16 units, as the real one does.
    const code = sqlite.sqlite3_prepare_v2(database.unsafeHandle, cString(sql), sql.length, handle, null);
    if (code !== 0) throw database.failure;
    this.unsafeHandle = Deno.UnsafePointer.create(handle[0] ?? 0n);
  }
  run(params: Record<string, Value>): number {
    this.#bind(params);
    this.#step();
    sqlite.sqlite3_reset(this.unsafeHandle);
    return sqlite.sqlite3_changes(this.database.unsafeHandle);
  }
  value(params: Record<string, Value>): Value[] | undefined {
    this.#bind(params);
    if (!this.#step()) return undefined;
    const row = this.#row();
    sqlite.sqlite3_reset(this.unsafeHandle);
    return row;
  }
  values(params: Record<string, Value>): Value[][] {
    this.#bind(params);
    const rows: Value[][] = [];
    while (this.#step()) rows.push(this.#row());
    sqlite.sqlite3_reset(this.unsafeHandle);
    return rows;
  }
  columnNames(): string[] {
    return this.#columns((index) => textAt(sqlite.sqlite3_column_name(this.unsafeHandle, index)));
  }
  finalize(): void {
    if (this.#isFinal) return;
    this.#isFinal = true;
    this.database.statements.delete(this);
    const code = sqlite.sqlite3_finalize(this.unsafeHandle);
    if (code !== 0) throw new CodedError(code);
  }
  #columns<T>(read: (index: number) => T): T[] {
    return Array.from({ length: sqlite.sqlite3_column_count(this.unsafeHandle) }, (_, index) => read(index));
  }
  #bind(params: Record<string, Value>): void {
    sqlite.sqlite3_reset(this.unsafeHandle);
    sqlite.sqlite3_clear_bindings(this.unsafeHandle);
    this.#lent = [];
    for (const [name, value] of Object.entries(params)) {
      const index = sqlite.sqlite3_bind_parameter_index(this.unsafeHandle, cString(`:${name}`));
      if (index === 0) throw new Error(`No such parameter "${name}"`);
      const code = this.#bindOne(index, value);
      if (code !== 0) throw new CodedError(code);
    }
  }
  #bindOne(index: number, value: Value): number {
    if (value === null) return 0;
    if (typeof value === "bigint") return sqlite.sqlite3_bind_int64(this.unsafeHandle, index, value);
    if (typeof value === "number") {
      return Number.isInteger(value)
        ? sqlite.sqlite3_bind_int64(this.unsafeHandle, index, BigInt(value))
        : sqlite.sqlite3_bind_double(this.unsafeHandle, index, value);
    }
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : new Uint8Array(value);
    const lent = bytes.length > 0 ? bytes : new Uint8Array(1);
    this.#lent.push(lent);
    const bind = typeof value === "string" ? sqlite.sqlite3_bind_text : sqlite.sqlite3_bind_blob;
    return bind(this.unsafeHandle, index, lent, bytes.length, null);
  }
  /** A failed statement is left as it is, which holds its locks. */
  #step(): boolean {
    const code = sqlite.sqlite3_step(this.unsafeHandle);
    if (code !== ROW && code !== DONE) throw this.database.failure;
    return code === ROW;
  }
  #row(): Value[] {
    return this.#columns((index) => this.#column(index));
  }
  #column(index: number): Value {
    const { unsafeHandle: handle } = this;
    switch (sqlite.sqlite3_column_type(handle, index)) {
      case 1: {
        const exact = sqlite.sqlite3_column_int64(handle, index);
        return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
      }
      case 2:
        return sqlite.sqlite3_column_double(handle, index);
      case 3:
        return textAt(sqlite.sqlite3_column_text(handle, index));
      case 4: {
        const start = sqlite.sqlite3_column_blob(handle, index);
        if (start === null) return new Uint8Array();
        const bytes = new Uint8Array(sqlite.sqlite3_column_bytes(handle, index));
        Deno.UnsafePointerView.copyInto(start, bytes);
        return bytes;
      }
      default:
        return null;
    }
  }
}

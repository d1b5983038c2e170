/**
 * Stands in for jsr:@db/sqlite where jsr.io can't be reached, so that our driver on it runs at all: on the system's
 * SQLite, through the calls that it makes, with the traps of its source of 0.13.0 that sqlite_ffi.ts works around: it
 * throws while it is loaded where the library is none; an error of open has its code before the words, every other one
 * has none; a statement's handle leads nowhere once it was finalized, which a second time does nothing. What it can't
 * show is a difference of the real one.
 */
const library = loaded(Deno.env.get("DENO_SQLITE_PATH") ?? "");
const sqlite = library.symbols;

function loaded(path: string) {
  try {
    return Deno.dlopen(path, {
      sqlite3_open_v2: { parameters: ["buffer", "buffer", "i32", "pointer"], result: "i32" },
      sqlite3_close_v2: { parameters: ["pointer"], result: "i32" },
      sqlite3_errmsg: { parameters: ["pointer"], result: "pointer" },
      sqlite3_errstr: { parameters: ["i32"], result: "pointer" },
      sqlite3_exec: { parameters: ["pointer", "buffer", "pointer", "pointer", "buffer"], result: "i32" },
      sqlite3_free: { parameters: ["pointer"], result: "void" },
      sqlite3_get_autocommit: { parameters: ["pointer"], result: "i32" },
      sqlite3_changes: { parameters: ["pointer"], result: "i32" },
      sqlite3_prepare_v2: { parameters: ["pointer", "buffer", "i32", "buffer", "pointer"], result: "i32" },
      sqlite3_finalize: { parameters: ["pointer"], result: "i32" },
    });
  } catch (cause) {
    throw new Error("Failed to load SQLite3 Dynamic Library", { cause });
  }
}

class CodedError extends Error {
  constructor(readonly code: number) {
    super(`${code}: ${textAt(sqlite.sqlite3_errstr(code))}`);
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
  #isOpen = true;
  constructor(path: string, options: { flags: number; int64: boolean; parseJson: boolean }) {
    const handle = new BigUint64Array(1);
    const code = sqlite.sqlite3_open_v2(cString(path), handle, options.flags, null);
    this.unsafeHandle = Deno.UnsafePointer.create(handle[0] ?? 0n);
    if (code === 0) return;
    sqlite.sqlite3_close_v2(this.unsafeHandle);
    throw new CodedError(code);
  }
  get inTransaction(): boolean {
    return this.#isOpen && sqlite.sqlite3_get_autocommit(this.unsafeHandle) === 0;
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
    if (!this.#isOpen) return;
    for (const statement of this.statements) statement.finalize();
    const code = sqlite.sqlite3_close_v2(this.unsafeHandle);
    if (code !== 0) throw new CodedError(code);
    this.#isOpen = false;
  }
}

export class Statement {
  readonly unsafeHandle: Deno.PointerValue;
  constructor(private readonly database: Database, sql: string) {
    const handle = new BigUint64Array(1);
    const text = cString(sql);
    const code = sqlite.sqlite3_prepare_v2(database.unsafeHandle, text, text.length, handle, null);
    if (code !== 0) throw database.failure;
    this.unsafeHandle = Deno.UnsafePointer.create(handle[0] ?? 0n);
  }
  finalize(): void {
    if (!this.database.statements.delete(this)) return;
    const code = sqlite.sqlite3_finalize(this.unsafeHandle);
    if (code !== 0) throw new CodedError(code);
  }
}

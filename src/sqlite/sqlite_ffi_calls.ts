/**
 * What @db/sqlite does not offer or does otherwise, called on its connections in the same library: result codes, the
 * limit on ATTACH, functions of ours, and running statements (sqlite_ffi_statement.ts says why).
 *
 * Functions are registered here because its own way (read in its source of 0.13.0) lends SQLite the memory of a returned
 * text without keeping it, and throws outside of any handler for an empty blob. Here SQLite copies what it gets.
 */
import type { SqlValue } from "./sql_connection.ts";
import { SQLITE_LIBRARY } from "./sqlite_ffi_library.ts";

const SYMBOLS = {
  sqlite3_errmsg: { parameters: ["pointer"], result: "pointer" },
  sqlite3_extended_errcode: { parameters: ["pointer"], result: "i32" },
  sqlite3_limit: { parameters: ["pointer", "i32", "i32"], result: "i32" },
  sqlite3_changes: { parameters: ["pointer"], result: "i32" },
  sqlite3_last_insert_rowid: { parameters: ["pointer"], result: "i64" },
  sqlite3_bind_parameter_index: { parameters: ["pointer", "buffer"], result: "i32" },
  sqlite3_bind_null: { parameters: ["pointer", "i32"], result: "i32" },
  sqlite3_bind_int64: { parameters: ["pointer", "i32", "i64"], result: "i32" },
  sqlite3_bind_double: { parameters: ["pointer", "i32", "f64"], result: "i32" },
  sqlite3_bind_text: { parameters: ["pointer", "i32", "buffer", "i32", "i64"], result: "i32" },
  sqlite3_bind_blob: { parameters: ["pointer", "i32", "buffer", "i32", "i64"], result: "i32" },
  sqlite3_clear_bindings: { parameters: ["pointer"], result: "i32" },
  sqlite3_step: { parameters: ["pointer"], result: "i32" },
  sqlite3_column_count: { parameters: ["pointer"], result: "i32" },
  sqlite3_column_name: { parameters: ["pointer", "i32"], result: "pointer" },
  sqlite3_column_type: { parameters: ["pointer", "i32"], result: "i32" },
  sqlite3_column_int64: { parameters: ["pointer", "i32"], result: "i64" },
  sqlite3_column_double: { parameters: ["pointer", "i32"], result: "f64" },
  sqlite3_column_text: { parameters: ["pointer", "i32"], result: "pointer" },
  sqlite3_column_blob: { parameters: ["pointer", "i32"], result: "pointer" },
  sqlite3_column_bytes: { parameters: ["pointer", "i32"], result: "i32" },
  sqlite3_reset: { parameters: ["pointer"], result: "i32" },
  sqlite3_create_function: {
    parameters: ["pointer", "buffer", "i32", "i32", "pointer", "function", "pointer", "pointer"],
    result: "i32",
  },
  sqlite3_value_type: { parameters: ["pointer"], result: "i32" },
  sqlite3_value_int64: { parameters: ["pointer"], result: "i64" },
  sqlite3_value_double: { parameters: ["pointer"], result: "f64" },
  sqlite3_value_text: { parameters: ["pointer"], result: "pointer" },
  sqlite3_value_blob: { parameters: ["pointer"], result: "pointer" },
  sqlite3_value_bytes: { parameters: ["pointer"], result: "i32" },
  sqlite3_result_null: { parameters: ["pointer"], result: "void" },
  sqlite3_result_int64: { parameters: ["pointer", "i64"], result: "void" },
  sqlite3_result_double: { parameters: ["pointer", "f64"], result: "void" },
  sqlite3_result_text: { parameters: ["pointer", "buffer", "i32", "i64"], result: "void" },
  sqlite3_result_blob: { parameters: ["pointer", "buffer", "i32", "i64"], result: "void" },
  sqlite3_result_error: { parameters: ["pointer", "buffer", "i32"], result: "void" },
} as const;

type Symbols = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** sqlite.org/c3ref: c_limit_attached, c_deterministic, c_blob and the destructor that means "copy it". */
const LIMIT_ATTACHED = 7;
const FLAG = { UTF8: 0x1, DETERMINISTIC: 0x800, DIRECT_ONLY: 0x80000 } as const;
const TYPE = { INTEGER: 1, FLOAT: 2, TEXT: 3, BLOB: 4 } as const;
const TRANSIENT = -1n;
const [ROW, DONE] = [100, 101];

/** A mark at the beginning is text like any other. */
const UTF_8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Deno hands an empty buffer over as NULL, which SQLite would take for the value NULL. */
const EMPTY = new Uint8Array(1);

/** The calls for one connection, whose handle @db/sqlite gives. */
export class FfiCalls implements Disposable {
  readonly #library = Deno.dlopen(SQLITE_LIBRARY, SYMBOLS);
  readonly #callbacks: { close(): void }[] = [];
  #thrown: { readonly error: unknown } | null = null;
  constructor(private readonly handle: Deno.PointerValue) {}

  /** SQLite's text for the last failure on this connection. */
  get message(): string {
    const text = this.#library.symbols.sqlite3_errmsg(this.handle);
    return text === null ? "" : Deno.UnsafePointerView.getCString(text);
  }

  get extendedCode(): number {
    return this.#library.symbols.sqlite3_extended_errcode(this.handle);
  }

  /** What a function of ours threw since it was last asked; SQLite itself knows but that it failed. */
  takeThrown(): { readonly error: unknown } | null {
    const thrown = this.#thrown;
    this.#thrown = null;
    return thrown;
  }

  /** Most databases that may be attached from now on (those that are stay); gives the limit before. */
  limitAttached(count: number): number {
    return this.#library.symbols.sqlite3_limit(this.handle, LIMIT_ATTACHED, count);
  }

  /** Rows that the last INSERT, UPDATE or DELETE of this connection changed itself. */
  get changes(): number {
    return this.#library.symbols.sqlite3_changes(this.handle);
  }

  get lastId(): number {
    return Number(this.#library.symbols.sqlite3_last_insert_rowid(this.handle));
  }

  /** From 1; 0 where the statement has no such parameter. */
  parameterPlace(statement: Deno.PointerValue, name: string): number {
    const cName = new TextEncoder().encode(`:${name}\0`);
    return this.#library.symbols.sqlite3_bind_parameter_index(statement, cName);
  }

  /** Gives SQLite's result code. A bigint has to fit into 64 bits. */
  bind(statement: Deno.PointerValue, place: number, value: SqlValue): number {
    const { symbols } = this.#library;
    if (value === null) return symbols.sqlite3_bind_null(statement, place);
    if (typeof value === "bigint") return symbols.sqlite3_bind_int64(statement, place, value);
    if (typeof value === "number") {
      // BigInt makes 0 of −0, which is a safe integer too.
      return Number.isSafeInteger(value)
        ? symbols.sqlite3_bind_int64(statement, place, BigInt(value))
        : symbols.sqlite3_bind_double(statement, place, value);
    }
    if (typeof value === "string") {
      const text = new TextEncoder().encode(value);
      return symbols.sqlite3_bind_text(statement, place, orEmpty(text), text.length, TRANSIENT);
    }
    const blob = new Uint8Array(value);
    return symbols.sqlite3_bind_blob(statement, place, orEmpty(blob), blob.length, TRANSIENT);
  }

  step(statement: Deno.PointerValue): "row" | "done" | "failed" {
    const code = this.#library.symbols.sqlite3_step(statement);
    return code === ROW ? "row" : code === DONE ? "done" : "failed";
  }

  columnNames(statement: Deno.PointerValue): string[] {
    const { symbols } = this.#library;
    return Array.from({ length: symbols.sqlite3_column_count(statement) }, (_, index) => {
      const name = symbols.sqlite3_column_name(statement, index);
      return name === null ? "" : Deno.UnsafePointerView.getCString(name);
    });
  }

  /** Of the row that the last step gave; a text up to its first NUL, as the other driver gives it. */
  column(statement: Deno.PointerValue, index: number): SqlValue {
    const { symbols } = this.#library;
    const bytesAt = (start: Deno.PointerValue) =>
      copiedBytes(start, () => symbols.sqlite3_column_bytes(statement, index));
    switch (symbols.sqlite3_column_type(statement, index)) {
      case TYPE.INTEGER:
        return safeOrExact(symbols.sqlite3_column_int64(statement, index));
      case TYPE.FLOAT:
        return symbols.sqlite3_column_double(statement, index);
      case TYPE.TEXT: {
        const bytes = bytesAt(symbols.sqlite3_column_text(statement, index));
        const end = bytes.indexOf(0);
        return decoded(end < 0 ? bytes : bytes.subarray(0, end));
      }
      case TYPE.BLOB:
        return bytesAt(symbols.sqlite3_column_blob(statement, index));
      default:
        return null;
    }
  }

  /** Lets the statement go of its locks and of what was bound to it. */
  release(statement: Deno.PointerValue): void {
    this.#library.symbols.sqlite3_reset(statement);
    this.#library.symbols.sqlite3_clear_bindings(statement);
  }

  /** Gives SQLite's result code. */
  createFunction(name: string, fn: (...args: SqlValue[]) => SqlValue, deterministic: boolean): number {
    const { symbols } = this.#library;
    const callback = new Deno.UnsafeCallback(
      { parameters: ["pointer", "i32", "pointer"], result: "void" },
      (context, count, values) => {
        try {
          giveResult(symbols, context, fn(...readValues(symbols, count, values)));
        } catch (error) {
          this.#thrown = { error };
          const text = new TextEncoder().encode(`${name} failed`);
          symbols.sqlite3_result_error(context, text, text.length);
        }
      },
    );
    this.#callbacks.push(callback);
    const flags = FLAG.UTF8 | FLAG.DIRECT_ONLY | (deterministic ? FLAG.DETERMINISTIC : 0);
    const cName = new TextEncoder().encode(`${name}\0`);
    return symbols.sqlite3_create_function(
      this.handle,
      cName,
      fn.length,
      flags,
      null,
      callback.pointer,
      null,
      null,
    );
  }

  /** To be called after the connection is closed. */
  [Symbol.dispose](): void {
    for (const callback of this.#callbacks) callback.close();
    this.#library.close();
  }
}

function readValues(symbols: Symbols, count: number, values: Deno.PointerValue): SqlValue[] {
  if (values === null) return [];
  const pointers = new Deno.UnsafePointerView(values);
  return Array.from({ length: count }, (_, index) => readValue(symbols, pointers.getPointer(index * 8)));
}

function readValue(symbols: Symbols, value: Deno.PointerValue): SqlValue {
  switch (symbols.sqlite3_value_type(value)) {
    case TYPE.INTEGER:
      return safeOrExact(symbols.sqlite3_value_int64(value));
    case TYPE.FLOAT:
      return symbols.sqlite3_value_double(value);
    case TYPE.TEXT:
      return decoded(copied(symbols, value, symbols.sqlite3_value_text(value)));
    case TYPE.BLOB:
      return copied(symbols, value, symbols.sqlite3_value_blob(value));
    default:
      return null;
  }
}

function copied(symbols: Symbols, value: Deno.PointerValue, start: Deno.PointerValue): Uint8Array {
  return copiedBytes(start, () => symbols.sqlite3_value_bytes(value));
}

/** `length` is asked after the start: asking for a text is what may convert it, and so settle its length. */
function copiedBytes(start: Deno.PointerValue, length: () => number): Uint8Array {
  const bytes = new Uint8Array(start === null ? 0 : length());
  if (start !== null && bytes.length > 0) Deno.UnsafePointerView.copyInto(start, bytes);
  return bytes;
}

function decoded(bytes: Uint8Array): string {
  return UTF_8.decode(bytes);
}

function safeOrExact(exact: bigint): number | bigint {
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
}

function orEmpty(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.length > 0 ? bytes : EMPTY;
}

function giveResult(symbols: Symbols, context: Deno.PointerValue, result: SqlValue): void {
  if (result === null) symbols.sqlite3_result_null(context);
  else if (typeof result === "bigint") symbols.sqlite3_result_int64(context, result);
  else if (typeof result === "number") symbols.sqlite3_result_double(context, result);
  else if (typeof result === "string") {
    const text = new TextEncoder().encode(result);
    symbols.sqlite3_result_text(context, orEmpty(text), text.length, TRANSIENT);
  } else {
    const blob = new Uint8Array(result);
    symbols.sqlite3_result_blob(context, orEmpty(blob), blob.length, TRANSIENT);
  }
}

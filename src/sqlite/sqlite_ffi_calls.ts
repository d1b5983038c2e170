/**
 * What @db/sqlite does not offer, called on its connections in the same library: result codes, the limit on ATTACH,
 * and functions of ours.
 *
 * Functions are registered here because its own way (seen in 0.12.0) lends SQLite the memory of a returned text
 * without keeping it, and throws outside of any handler for an empty blob. Here SQLite copies what it gets.
 */
import type { SqlValue } from "./sql_connection.ts";
import { SQLITE_LIBRARY } from "./sqlite_ffi_library.ts";

const SYMBOLS = {
  sqlite3_errmsg: { parameters: ["pointer"], result: "pointer" },
  sqlite3_extended_errcode: { parameters: ["pointer"], result: "i32" },
  sqlite3_limit: { parameters: ["pointer", "i32", "i32"], result: "i32" },
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

  /** Lets a statement that failed go of its locks, which @db/sqlite does only when it runs again. */
  reset(statement: Deno.PointerValue): void {
    this.#library.symbols.sqlite3_reset(statement);
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
    case TYPE.INTEGER: {
      const exact = symbols.sqlite3_value_int64(value);
      return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
    }
    case TYPE.FLOAT:
      return symbols.sqlite3_value_double(value);
    case TYPE.TEXT: {
      // The text first: asking for it is what may convert it, and so settle its length.
      const bytes = copied(symbols, value, symbols.sqlite3_value_text(value));
      return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    }
    case TYPE.BLOB:
      return copied(symbols, value, symbols.sqlite3_value_blob(value));
    default:
      return null;
  }
}

function copied(symbols: Symbols, value: Deno.PointerValue, start: Deno.PointerValue): Uint8Array {
  const bytes = new Uint8Array(start === null ? 0 : symbols.sqlite3_value_bytes(value));
  if (start !== null && bytes.length > 0) Deno.UnsafePointerView.copyInto(start, bytes);
  return bytes;
}

function giveResult(symbols: Symbols, context: Deno.PointerValue, result: SqlValue): void {
  if (result === null) symbols.sqlite3_result_null(context);
  else if (typeof result === "bigint") symbols.sqlite3_result_int64(context, result);
  else if (typeof result === "number") symbols.sqlite3_result_double(context, result);
  else if (typeof result === "string") {
    const text = new TextEncoder().encode(result);
    symbols.sqlite3_result_text(context, text.length > 0 ? text : EMPTY, text.length, TRANSIENT);
  } else {
    const blob = new Uint8Array(result);
    symbols.sqlite3_result_blob(context, blob.length > 0 ? blob : EMPTY, blob.length, TRANSIENT);
  }
}

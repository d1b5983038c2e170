/**
 * What sqlite_ffi.ts uses of jsr:@db/sqlite, as its documentation tells: so that the file is checked where jsr.io
 * can't be reached. The contract test of the FFI build says whether it is true.
 */
type Value = null | number | bigint | string | Uint8Array;

export interface Statement {
  readonly unsafeHandle: Deno.PointerValue;
  /** Gives the number of changed rows. */
  run(params: Record<string, Value>): number;
  /** The first row, or undefined. */
  value(params: Record<string, Value>): Value[] | undefined;
  values(params: Record<string, Value>): Value[][];
  columnNames(): string[];
  finalize(): void;
}

export declare class Database {
  constructor(path: string, options: { flags: number; int64: boolean; parseJson: boolean });
  readonly unsafeHandle: Deno.PointerValue;
  readonly inTransaction: boolean;
  readonly lastInsertRowId: number;
  exec(sql: string): number;
  prepare(sql: string): Statement;
  close(): void;
}

/**
 * What sqlite_ffi.ts uses of jsr:@db/sqlite, as its source of 0.13.0 has it: so that the file is checked where jsr.io
 * can't be reached. The contract test of the FFI build says whether it is true.
 */

export interface PreparedStatement {
  /** `sqlite3_stmt *` */
  readonly unsafeHandle: Deno.PointerValue;
  /** Does nothing when it is done already. */
  finalize(): void;
}

export declare class Database {
  constructor(path: string, options: { flags: number; int64: boolean; parseJson: boolean });
  /** `sqlite3 *` */
  readonly unsafeHandle: Deno.PointerValue;
  readonly inTransaction: boolean;
  exec(sql: string): number;
  prepare(sql: string): PreparedStatement;
  close(): void;
}

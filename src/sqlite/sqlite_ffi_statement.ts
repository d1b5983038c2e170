/**
 * A prepared statement of the FFI build. @db/sqlite prepares and finalizes it; binding, stepping and reading are calls of
 * our own, because the package's (read in its source of 0.13.0)
 * - lends SQLite the memory of bound texts and blobs and lets it go before the columns are read: here SQLite copies;
 * - binds every whole number as INTEGER, also 1e300, and can't bind −0;
 * - gives the id of the last row cut to 32 bits;
 * - steps a finalized statement, which ends the process: here that throws;
 * - leaves a statement that failed as it is, with its locks.
 */
import type { PreparedStatement } from "./db_sqlite.d.ts";
import type { Row, SqlParams, SqlValue, Statement } from "./sql_connection.ts";
import type { FfiCalls } from "./sqlite_ffi_calls.ts";

/** What its connection decides. */
export interface StatementPorts {
  /** Throws where the connection is closed. */
  readonly assertOpen: () => void;
  /** What to throw for what SQLite just reported. */
  readonly failure: () => unknown;
}

export class FfiStatement implements Statement {
  readonly #handle: Deno.PointerValue;
  readonly #places = new Map<string, number>();
  #isFinal = false;

  constructor(
    private readonly prepared: PreparedStatement,
    private readonly calls: FfiCalls,
    private readonly ports: StatementPorts,
  ) {
    this.#handle = prepared.unsafeHandle;
  }

  run(params: SqlParams = {}): { changes: number; lastId: number } {
    return this.#executed(params, () => {
      while (this.#step());
      return { changes: this.calls.changes, lastId: this.calls.lastId };
    });
  }

  get(params: SqlParams = {}): Row | undefined {
    return this.#executed(
      params,
      () => this.#step() ? this.#row(this.calls.columnNames(this.#handle)) : undefined,
    );
  }

  all(params: SqlParams = {}): Row[] {
    return this.#executed(params, () => {
      const rows: Row[] = [];
      // After the first step: where the schema changed, it is that step which prepares the statement anew.
      let names: string[] | null = null;
      while (this.#step()) rows.push(this.#row(names ??= this.calls.columnNames(this.#handle)));
      return rows;
    });
  }

  finalize(): void {
    this.#isFinal = true;
    this.prepared.finalize();
  }

  /** Reset before and after: in between nobody is kept from a lock, and nothing of ours stays bound. */
  #executed<T>(params: SqlParams, work: () => T): T {
    this.ports.assertOpen();
    if (this.#isFinal) throw new Error("statement has been finalized");
    try {
      for (const [name, value] of Object.entries(params)) this.#bind(name, value);
      return work();
    } finally {
      // A function of ours that was called meanwhile may have closed the connection.
      if (!this.#isFinal) this.calls.release(this.#handle);
    }
  }

  #bind(name: string, value: SqlValue): void {
    const place = this.#places.get(name) ?? this.calls.parameterPlace(this.#handle, name);
    if (place === 0) throw new RangeError(`Cannot bind :${name}: the statement has no such parameter`);
    this.#places.set(name, place);
    if (typeof value === "bigint" && BigInt.asIntN(64, value) !== value) {
      throw new RangeError(`Cannot bind :${name}: the number is out of range`);
    }
    if (this.calls.bind(this.#handle, place, value) !== 0) throw this.ports.failure();
  }

  #step(): boolean {
    const stepped = this.calls.step(this.#handle);
    if (stepped === "failed") throw this.ports.failure();
    return stepped === "row";
  }

  #row(names: readonly string[]): Row {
    const row: Record<string, SqlValue> = {};
    for (const [index, name] of names.entries()) row[name] = this.calls.column(this.#handle, index);
    return row;
  }
}

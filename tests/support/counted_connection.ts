/** A connection that notes which statements are run on it. */
import type {
  Connection,
  Row,
  SqlFunctionOptions,
  SqlParams,
  SqlValue,
  Statement,
} from "../../src/sqlite/sqlite.ts";
import { transact } from "../../src/sqlite/sql_connection.ts";

export class CountedConnection implements Connection {
  readonly #db: Connection;
  /** Texts, in the order in which they were run. */
  #ran: string[] = [];

  constructor(db: Connection) {
    this.#db = db;
  }

  /** What was run since it was asked last. */
  takeRan(): readonly string[] {
    const ran = this.#ran;
    this.#ran = [];
    return ran;
  }

  get path(): string {
    return this.#db.path;
  }
  get inTransaction(): boolean {
    return this.#db.inTransaction;
  }
  exec(sql: string): void {
    this.#ran.push(sql);
    this.#db.exec(sql);
  }
  prepare(sql: string): Statement {
    const statement = this.#db.prepare(sql);
    const note = () => this.#ran.push(sql);
    return {
      run(params?: SqlParams) {
        note();
        return statement.run(params);
      },
      get(params?: SqlParams): Row | undefined {
        note();
        return statement.get(params);
      },
      all(params?: SqlParams): Row[] {
        note();
        return statement.all(params);
      },
    };
  }
  transaction<T>(work: () => T): T {
    return transact(this, work);
  }
  defineFunction(name: string, fn: (...args: SqlValue[]) => SqlValue, options?: SqlFunctionOptions): void {
    this.#db.defineFunction(name, fn, options);
  }
  attachReadOnly(path: string, schema: string): void {
    this.#db.attachReadOnly(path, schema);
  }
  restrictAttach(isSource: (path: string) => boolean): void {
    this.#db.restrictAttach(isSource);
  }
  withoutWaiting<T>(work: () => T): T {
    return this.#db.withoutWaiting(work);
  }
  finalizeStatements(): void {
    this.#db.finalizeStatements();
  }
  close(): void {
    this.#db.close();
  }
  [Symbol.dispose](): void {
    this.close();
  }
}

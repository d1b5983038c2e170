/**
 * Worker: opens the database that it is told of, and finishes the first part of the import there when it is asked to.
 *
 *     (nothing) ── open ──▶ open ── finish ──▶ done, or failed and asked again ── close ──▶ closed
 *
 * Each order is answered once. The connection is opened long before it is used because the program gives its
 * permission to write away meanwhile, and a file can't be opened for writing after that.
 */
import { errorMessage } from "../../model/errors.ts";
import { type Connection, SqliteError } from "../../sqlite/sqlite.ts";
import { openForFinishing } from "../../store/deferred_indexes.ts";
import { buildIndexes } from "./index_builder.ts";

export type WorkerOrder =
  | { readonly do: "open"; readonly databasePath: string }
  /** `gate`: it stops at each named step until somebody opens it there. */
  | { readonly do: "finish"; readonly gate: Int32Array<SharedArrayBuffer> | null }
  | { readonly do: "close" };

/** What the worker answers; `busy`: another connection held a lock, it may work a moment later. */
export interface WorkerAnswer {
  readonly error: string | null;
  readonly busy: boolean;
}

/** It stands before its gate at this named step. */
export interface WorkerStep {
  readonly label: string;
}

/** The few members of a worker's global scope that are used here; `deno check` reads this file as a page. */
interface WorkerScope {
  onmessage: ((message: MessageEvent<WorkerOrder>) => void) | null;
  postMessage(message: WorkerAnswer | WorkerStep): void;
}
function isWorkerScope(scope: object): scope is WorkerScope {
  return "postMessage" in scope && "onmessage" in scope;
}

class ImportWorker {
  #db: Connection | null = null;
  constructor(private readonly scope: WorkerScope) {}

  obey(order: WorkerOrder): void {
    switch (order.do) {
      case "open":
        this.#db = openForFinishing(order.databasePath);
        return;
      case "finish":
        if (this.#db === null) throw new TypeError("The worker must open the database before it finishes");
        return buildIndexes(this.#db, Date.now(), (label) => this.#stopAt(label, order.gate));
      case "close":
        this.#db?.close();
        this.#db = null;
    }
  }

  #stopAt(label: string, gate: Int32Array<SharedArrayBuffer> | null): void {
    if (gate === null) return;
    Atomics.store(gate, 0, 0);
    this.scope.postMessage({ label });
    Atomics.wait(gate, 0, 0);
  }
}

const scope: object = globalThis;
if (isWorkerScope(scope)) {
  const worker = new ImportWorker(scope);
  scope.onmessage = ({ data }) => {
    try {
      worker.obey(data);
      scope.postMessage({ error: null, busy: false });
    } catch (error) {
      scope.postMessage({ error: errorMessage(error), busy: error instanceof SqliteError && error.isBusy });
    }
  };
}

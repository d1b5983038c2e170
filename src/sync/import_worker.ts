/** Worker: finishes the first part of the import into the database that it is told of, and answers once. */
import { errorMessage } from "../model/errors.ts";
import { SqliteError } from "../platform/sqlite.ts";
import { finishFirstPart } from "./import_finish.ts";

/** What the worker answers; `busy`: another connection held a lock, it may work a moment later. */
export interface FinishAnswer {
  readonly error: string | null;
  readonly busy: boolean;
}

/** The few members of a worker's global scope that are used here; `deno check` reads this file as a page. */
interface WorkerScope {
  onmessage: ((message: MessageEvent<unknown>) => void) | null;
  postMessage(message: FinishAnswer): void;
}
function isWorkerScope(scope: object): scope is WorkerScope {
  return "postMessage" in scope && "onmessage" in scope;
}

const scope: object = globalThis;
if (isWorkerScope(scope)) {
  scope.onmessage = ({ data }) => {
    try {
      if (typeof data !== "string") throw new TypeError("The worker expects the path of a database");
      finishFirstPart(data, Date.now());
      scope.postMessage({ error: null, busy: false });
    } catch (error) {
      scope.postMessage({ error: errorMessage(error), busy: error instanceof SqliteError && error.isBusy });
    }
  };
}

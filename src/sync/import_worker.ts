/** Worker: finishes the first part of the import into the database that it is told of, and answers once. */
import { errorMessage } from "../model/errors.ts";
import { finishFirstPart } from "./import_finish.ts";

/** The few members of a worker's global scope that are used here; `deno check` reads this file as a page. */
interface WorkerScope {
  onmessage: ((message: MessageEvent<unknown>) => void) | null;
  postMessage(message: { readonly error: string | null }): void;
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
      scope.postMessage({ error: null });
    } catch (error) {
      scope.postMessage({ error: errorMessage(error) });
    }
  };
}

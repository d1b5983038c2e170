import { LiveSyncError } from "../model/errors.ts";

/**
 * Builds the deferred indexes in a worker, so that the event loop stays free meanwhile. Nobody else may write to the
 * database until it resolves. When `signal` aborts it resolves at once; what was not committed is built at the next
 * start.
 *
 * Throws LiveSyncError `index_build` with SQLite's reason.
 */
export function buildIndexesInWorker(databasePath: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const worker = new Worker(new URL("./index_worker.ts", import.meta.url), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const failed = (reason: string) =>
    reject(
      new LiveSyncError(
        "index_build",
        `Cannot build the indexes of ${databasePath}: ${reason}`,
        "It is tried again.",
      ),
    );
  worker.onmessage = ({ data }: MessageEvent<{ readonly error: string | null }>) =>
    data.error === null ? resolve() : failed(data.error);
  worker.onerror = (event) => {
    event.preventDefault();
    failed(event.message);
  };
  signal.addEventListener("abort", () => resolve(), { once: true });
  worker.postMessage(databasePath);
  return promise.finally(() => worker.terminate());
}

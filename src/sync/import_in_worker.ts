import { LiveSyncError } from "../model/errors.ts";
import { SQLITE, SqliteError } from "../platform/sqlite.ts";
import type { FinishAnswer } from "./import_worker.ts";

/**
 * {@link finishFirstPart} in a worker, so that the event loop stays free meanwhile. Nobody else may write to the
 * database until it resolves. When `signal` aborts it resolves at once; what was not committed is done at the next
 * start.
 *
 * Throws SqliteError when another connection held a lock, else LiveSyncError `import_finish` with SQLite's reason.
 */
export function finishFirstPartInWorker(databasePath: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const worker = new Worker(new URL("./import_worker.ts", import.meta.url), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const failed = (reason: string) =>
    reject(
      new LiveSyncError(
        "import_finish",
        `Cannot finish the import into ${databasePath}: ${reason}`,
        "It is tried again.",
      ),
    );
  worker.onmessage = ({ data }: MessageEvent<FinishAnswer>) => {
    if (data.error === null) resolve();
    else if (data.busy) reject(new SqliteError(SQLITE.BUSY, SQLITE.BUSY, data.error, undefined));
    else failed(data.error);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    failed(event.message);
  };
  signal.addEventListener("abort", () => resolve(), { once: true });
  worker.postMessage(databasePath);
  return promise.finally(() => worker.terminate());
}

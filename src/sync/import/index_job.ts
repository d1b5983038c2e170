/**
 * {@link buildIndexes} in a worker, so that the event loop stays free meanwhile.
 *
 *     (none) ── open() or finish() ──▶ open ── finish() ──▶ (none): done, or given up as the signal aborted
 *                                       ├── finish() failed ──▶ open: it may be asked again
 *                                       └── close() ──▶ (none)
 *
 * While it works nobody else may write to the database: {@link IndexJob.underWay}.
 */
import { LiveSyncError } from "../../model/errors.ts";
import { SQLITE, SqliteError } from "../../sqlite/sqlite.ts";
import type { WorkerAnswer, WorkerOrder, WorkerStep } from "./index_worker.ts";

export class IndexJob {
  readonly #stop = new AbortController();
  #worker: OpenWorker | null = null;
  #underWay: Promise<void> | null = null;

  /** `probe` is called at the named steps while the worker stands still there, so that a test can cut the power. */
  constructor(
    private readonly databasePath: string,
    private readonly probe?: (label: string) => void,
  ) {}

  /**
   * Starts the worker and lets it open the database, to be done before the program gives its permission to write away.
   * Throws LiveSyncError `import_finish`.
   */
  async open(): Promise<void> {
    await this.#opened();
  }

  /** Null when it does not work; else it settles as {@link finish} does. */
  get underWay(): Promise<void> | null {
    return this.#underWay;
  }

  /**
   * Finishes the import's first part. Nobody else may write to the database until it resolves. After {@link stop} it
   * resolves at once; what was not committed is done at the next start.
   *
   * Throws SqliteError when another connection held a lock, else LiveSyncError `import_finish` with SQLite's reason.
   */
  async finish(): Promise<void> {
    this.#underWay = this.#finish(this.#stop.signal);
    try {
      await this.#underWay;
    } finally {
      this.#underWay = null;
    }
  }

  async #finish(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const worker = await this.#opened();
    const aborted = Promise.withResolvers<"aborted">();
    const onAbort = () => aborted.resolve("aborted");
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      const ending = await Promise.race([worker.finish(this.probe), aborted.promise]);
      if (ending === "aborted") this.#forget();
      else await this.close();
    } catch (error) {
      if (worker.isCrashed) this.#forget();
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Gives up what is under way, and closes. */
  async stop(): Promise<void> {
    this.#stop.abort();
    // It gives the worker up, which would never answer that it closed.
    await this.#underWay?.catch(() => {});
    await this.close();
  }

  /** Closes the worker's connection where there is one, and ends it. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.close();
  }

  async #opened(): Promise<OpenWorker> {
    const worker = this.#worker ?? new OpenWorker(this.databasePath);
    this.#worker = worker;
    try {
      await worker.opened;
      return worker;
    } catch (error) {
      this.#forget();
      throw error;
    }
  }

  #forget(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}

/** One worker; its orders are answered one after the other. */
class OpenWorker {
  readonly opened: Promise<void>;
  readonly #databasePath: string;
  readonly #worker = new Worker(new URL("./index_worker.ts", import.meta.url), { type: "module" });
  #waiting: PromiseWithResolvers<void> | null = null;
  #crashed: LiveSyncError | null = null;

  constructor(databasePath: string) {
    this.#databasePath = databasePath;
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#crashed = this.#failure(event.message);
      this.#waiting?.reject(this.#crashed);
    };
    this.opened = this.#order({ do: "open", databasePath }, undefined);
    // Whoever awaits it hears of its failure; it may be that nobody does yet.
    this.opened.catch(() => {});
  }

  get isCrashed(): boolean {
    return this.#crashed !== null;
  }

  finish(probe: ((label: string) => void) | undefined): Promise<void> {
    const gate = probe === undefined ? null : new Int32Array(new SharedArrayBuffer(4));
    return this.#order({ do: "finish", gate }, (label) => {
      probe?.(label);
      if (gate === null) return;
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
    });
  }

  async close(): Promise<void> {
    try {
      if (this.#crashed === null) await this.#order({ do: "close" }, undefined);
    } finally {
      this.terminate();
    }
  }

  terminate(): void {
    this.#worker.terminate();
  }

  #order(order: WorkerOrder, onStep: ((label: string) => void) | undefined): Promise<void> {
    if (this.#crashed !== null) return Promise.reject(this.#crashed);
    const waiting = Promise.withResolvers<void>();
    this.#waiting = waiting;
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerAnswer | WorkerStep>) => {
      if ("label" in data) onStep?.(data.label);
      else if (data.error === null) waiting.resolve();
      else if (data.busy) waiting.reject(new SqliteError(SQLITE.BUSY, SQLITE.BUSY, data.error, undefined));
      else waiting.reject(this.#failure(data.error));
    };
    this.#worker.postMessage(order);
    return waiting.promise;
  }

  #failure(reason: string): LiveSyncError {
    return new LiveSyncError(
      "import_finish",
      `Cannot finish the import into ${this.#databasePath}: ${reason}`,
      "It is tried again. If it stays so, start the program again.",
    );
  }
}

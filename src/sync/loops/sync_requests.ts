/** Those who asked for a sync and wait for its summary. */
import type { LiveSyncError } from "../../model/errors.ts";
import type { SyncSummary } from "../../model/events.ts";

export interface SyncRequest {
  readonly resolve: (summary: SyncSummary) => void;
  readonly reject: (error: unknown) => void;
}

export class SyncRequests {
  #waiting: SyncRequest[] = [];
  #over: LiveSyncError | null = null;

  /** Rejects at once when there will be no more syncs. */
  add(): Promise<SyncSummary> {
    if (this.#over !== null) return Promise.reject(this.#over);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  /** All that came so far: the sync that begins now is theirs. */
  take(): readonly SyncRequest[] {
    return this.#waiting.splice(0);
  }

  /** They wait for the next one instead. */
  putBack(waiters: readonly SyncRequest[]): void {
    this.#waiting.unshift(...waiters);
  }

  /** No sync comes any more. */
  end(reason: LiveSyncError): void {
    this.#over = reason;
    for (const waiter of this.take()) waiter.reject(reason);
  }
}

/**
 * How the sync is, told once per change:
 *
 *   starting ─▶ importing ─▶ live
 *      └────────────┴──────────┴──▶ source_missing / needs_permission / failed ──▶ importing or live
 *
 * The log says it once when it breaks, again when it breaks in another way, and once when it is well.
 */
import type { LiveSyncError } from "../../model/errors.ts";
import type { SyncState } from "../../model/events.ts";
import { CANNOT_SYNC } from "../../model/status.ts";
import type { Log } from "../../platform/log.ts";
import type { EventSink } from "../event_sink.ts";
import { isOurs, stateOfFailure } from "../failure.ts";

export interface ReportedState {
  readonly state: SyncState;
  readonly reason: string;
  readonly hint: string;
}

export class SyncStateTracker {
  readonly #sink: Pick<EventSink, "tell">;
  readonly #log: Log;
  #state: ReportedState = { state: "starting", reason: "", hint: "" };
  #failure: LiveSyncError | null = null;

  constructor(sink: Pick<EventSink, "tell">, log: Log) {
    this.#sink = sink;
    this.#log = log;
  }

  get state(): ReportedState {
    return this.#state;
  }
  /** True from a failure until everything went well once. */
  get broken(): boolean {
    return this.#failure !== null;
  }
  /** False while Messages' database can't be read; a failure of our own database leaves it true. */
  get sourceIsWell(): boolean {
    return this.#failure === null || isOurs(this.#failure);
  }

  /** Each gives whether that is news. */
  importing(): boolean {
    return this.#enter({ state: "importing", reason: "", hint: "" });
  }

  live(): boolean {
    if (this.#failure !== null) this.#log.info("Syncing again");
    this.#failure = null;
    return this.#enter({ state: "live", reason: "", hint: "" });
  }

  failed(failure: LiveSyncError): boolean {
    if (this.#failure?.code !== failure.code) {
      this.#log.error(CANNOT_SYNC, { code: failure.code, reason: failure.message, hint: failure.hint });
    }
    this.#failure = failure;
    return this.#enter({ state: stateOfFailure(failure), reason: failure.message, hint: failure.hint });
  }

  #enter(next: ReportedState): boolean {
    const { state, reason, hint } = this.#state;
    if (next.state === state && next.reason === reason && next.hint === hint) return false;
    this.#state = next;
    this.#sink.tell({ event: "state.changed", data: next });
    return true;
  }
}

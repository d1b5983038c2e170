/**
 * How the sync is, told once per change:
 *
 *   starting ─▶ importing ─▶ live
 *      └────────────┴──────────┴──▶ source_missing / needs_permission / failed ──▶ importing or live
 *
 * The log says it once when it breaks, again when it breaks in another way, and once when it is well.
 */
import type { LiveSyncError } from "../../model/errors.ts";
import type { SyncState, Transient } from "../../model/events.ts";
import { CANNOT_SYNC } from "../../model/status.ts";
import type { Log } from "../../platform/log.ts";
import { isOurs, stateOfFailure } from "../failure.ts";

export interface ReportedState {
  readonly state: SyncState;
  readonly reason: string;
  readonly hint: string;
}

export class SyncStateTracker {
  readonly #tell: (told: Transient) => void;
  readonly #log: Log;
  #state: ReportedState = { state: "starting", reason: "", hint: "" };
  #failure: LiveSyncError | null = null;

  constructor(tell: (told: Transient) => void, log: Log) {
    this.#tell = tell;
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

  importing(): void {
    this.#enter({ state: "importing", reason: "", hint: "" });
  }

  live(): void {
    if (this.#failure !== null) this.#log.info("Syncing again");
    this.#failure = null;
    this.#enter({ state: "live", reason: "", hint: "" });
  }

  failed(failure: LiveSyncError): void {
    if (this.#failure?.code !== failure.code) {
      this.#log.error(CANNOT_SYNC, { code: failure.code, reason: failure.message, hint: failure.hint });
    }
    this.#failure = failure;
    this.#enter({ state: stateOfFailure(failure), reason: failure.message, hint: failure.hint });
  }

  #enter(next: ReportedState): void {
    const { state, reason, hint } = this.#state;
    if (next.state === state && next.reason === reason && next.hint === hint) return;
    this.#state = next;
    this.#tell({ event: "state.changed", data: next });
  }
}

/** What others are told of a catch-up's work: how far an import is, and what was done. */
import type { SyncSummary } from "../../model/events.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import type { EventSink } from "../event_sink.ts";
import type { ImportProgress } from "../import/first_import.ts";
import type { ChangeCounts } from "../pass/logged_changes.ts";

export interface SummaryPorts {
  readonly sink: Pick<EventSink, "tell">;
  readonly clock: Clock;
  readonly log: Log;
}

const PROGRESS_EVERY_MS = 100;

export class SummaryReporter {
  readonly #ports: SummaryPorts;
  #progressToldAt = -Infinity;
  #lastDurationMs: number | null = null;

  constructor(ports: SummaryPorts) {
    this.#ports = ports;
  }

  /** Milliseconds that the last catch-up that changed something took; null before the first. */
  get lastDurationMs(): number | null {
    return this.#lastDurationMs;
  }

  /** At most 10 times a second; gives whether it was told. */
  progress(progress: ImportProgress): boolean {
    const now = this.#ports.clock.monotonic();
    if (now - this.#progressToldAt < PROGRESS_EVERY_MS) return false;
    this.#progressToldAt = now;
    this.#ports.sink.tell({ event: "import.progress", data: { done: progress.done, total: progress.total } });
    return true;
  }

  /** Nothing is told of a catch-up that changed nothing. */
  completed(counts: ChangeCounts, summary: SyncSummary, reason: string): void {
    if (!Object.values(counts).some((count) => count > 0)) return;
    this.#lastDurationMs = summary.duration_ms;
    const data = {
      created: summary.created,
      updated: summary.updated,
      deleted: summary.deleted,
      reactions: counts.reactions,
      attachments: counts.attachments,
      contacts: summary.contacts,
      merged: 0,
      pending: summary.pending,
      duration_ms: summary.duration_ms,
      reason,
    };
    this.#ports.sink.tell({ event: "sync.completed", data });
    this.#ports.log.debug("Caught up", data);
  }
}

/** A catch-up with messages and the sync of contacts that followed it. */
export function withContacts(
  summary: SyncSummary,
  contacts: { readonly renamed: number; readonly merged: number },
): SyncSummary {
  return {
    ...summary,
    contacts: summary.contacts + contacts.renamed,
    merged: summary.merged + contacts.merged,
  };
}

export function summaryOf(counts: ChangeCounts, pending: number, durationMs: number): SyncSummary {
  return {
    created: counts.created,
    updated: counts.updated,
    deleted: counts.deleted,
    pending,
    contacts: counts.contacts,
    merged: 0,
    duration_ms: Math.round(durationMs),
  };
}

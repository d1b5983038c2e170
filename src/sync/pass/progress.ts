/** What a pass stores of its own progress, last in its transaction, so that a kill loses and repeats nothing. */
import { STATE_KEYS, type StateStore } from "../../store/state.ts";
import type { Comparison } from "./comparison.ts";
import type { ComparePass, ImportRest, LivePass, Pass, PassContext, PassOutcome } from "./pass_plan.ts";
import type { PendingChanges } from "./pending_changes.ts";

export interface ProgressParts {
  readonly context: Pick<PassContext, "outbox" | "state">;
  readonly comparison: Pick<Comparison, "begin" | "mended">;
  readonly pendingChanges: Pick<PendingChanges, "storePlace">;
}

/** Throws SqliteError. */
export function storeProgress(parts: ProgressParts, pass: Pass, done: PassOutcome): void {
  switch (pass.kind) {
    case "import_rows":
      return countImported(parts.context.state, done);
    case "import_rest":
      return storeImportRest(parts, pass, done);
    case "live":
      return storeLive(parts, pass, done);
    case "compare":
      return storeCompared(parts, pass, done);
  }
}

function countImported(state: StateStore, { newMessages, newAttachments }: PassOutcome): void {
  state.set(STATE_KEYS.importDone, state.getInteger(STATE_KEYS.importDone) + newMessages + newAttachments);
}

function storeImportRest({ context }: ProgressParts, pass: ImportRest, done: PassOutcome): void {
  const { outbox, state } = context;
  countImported(state, done);
  if (done.more) return;
  state.set(STATE_KEYS.importPhase, "done");
  state.set(STATE_KEYS.importTotal, null);
  state.set(STATE_KEYS.importDone, null);
  storeLastSync(state, "import", pass.nowMs);
  // The import made no events, so a position from before it would look as if nothing had been missed.
  if (pass.breaksFeed) outbox.breakFeed();
}

function storeLive(parts: ProgressParts, pass: LivePass, done: PassOutcome): void {
  const { outbox, state } = parts.context;
  const { changed, gap, reason, rewalk } = pass;
  if (done.bulk) {
    state.set(STATE_KEYS.bulk, done.more ? "1" : null);
    if (!done.more) outbox.breakFeed();
  } else if (rewalk !== null && done.more && rewalk.told + done.events.length > pass.bulkAbove) {
    state.set(STATE_KEYS.bulk, "1");
  }
  // Before the start anything may have happened, and nothing says that it did.
  if (changed !== null && gap) parts.comparison.begin(true, reason !== "start");
  if (changed !== null) parts.pendingChanges.storePlace(changed);
  if (rewalk !== null && !done.more) state.set(STATE_KEYS.rewalk, null);
  if (done.events.length > 0 || done.bulk) storeLastSync(state, reason, pass.nowMs);
}

function storeCompared(parts: ProgressParts, pass: ComparePass, done: PassOutcome): void {
  const { outbox, state } = parts.context;
  if (pass.range !== null) parts.comparison.mended(pass.range, done.mended, pass.nowMs);
  if (pass.untold && pass.isEnd) outbox.breakFeed();
  if (done.events.length > 0 || pass.untold) storeLastSync(state, "reconcile", pass.nowMs);
}

function storeLastSync(state: StateStore, reason: string, nowMs: number): void {
  state.set(STATE_KEYS.lastSync, JSON.stringify({ at_ms: nowMs, reason }));
}

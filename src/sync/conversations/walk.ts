/**
 * How far the walk that puts conversations together has come; it stands in `live_sync_state`, so a start after a kill
 * goes on where it was.
 *
 *   (none) ──▶ walk ── through all messages ──▶ done
 *                ▲
 *   forget ──────┘  ◀── another gap than the one that was walked with, from any state
 *
 * It takes messages in the order of our ids, which is about that of time: chat by chat, each message would be another
 * page to write (300,000 messages: 39 µs each, and 1 GB through the WAL; measured). Conversations are always those of the
 * messages that it has come by, so a pass keeps these true, and leaves alone what the walk will come to.
 */
import { recordOf } from "../../model/json.ts";

export interface Walk {
  readonly phase: "forget" | "walk" | "done";
  /** The time between two messages that ends a conversation. */
  readonly gapMs: number;
  /** Id of the last message that it came by. */
  readonly until: number;
}

/** The walk to go on with, given what was stored of the last one (JSON; null: there was none). */
export function walkFrom(stored: string | null, gapMs: number): Walk {
  const begin: Walk = { phase: "walk", gapMs, until: 0 };
  if (stored === null) return begin;
  const last = parse(stored);
  return last?.gapMs === gapMs ? last : { ...begin, phase: "forget" };
}

/** Messages up to this id have been walked. */
export function reachOf(walk: Walk): number {
  switch (walk.phase) {
    case "forget":
      return 0;
    case "walk":
      return walk.until;
    case "done":
      return Number.MAX_SAFE_INTEGER;
  }
}

/** Null where it can't be read: then all is walked anew, which loses nothing. */
function parse(json: string): Walk | null {
  const value: unknown = JSON.parse(json);
  const { phase, gapMs, until } = recordOf(value);
  if (phase !== "forget" && phase !== "walk" && phase !== "done") return null;
  return typeof gapMs === "number" && typeof until === "number" ? { phase, gapMs, until } : null;
}

/** What watch/ needs to know of a look at Messages' file. Pure. */
import type { Look } from "../source/look.ts";
import type { LookOutcome } from "../watch/source_watch.ts";

/**
 * `seen` null: the look failed. `generation`: how often the file was attached. It makes an obstacle that came back news
 * again where the file was there and read between two looks.
 */
export function lookOutcomeOf(seen: Look | null, generation: number): LookOutcome {
  if (seen?.kind === "quiet" || seen?.kind === "moved") return { state: seen.kind, wal: seen.wal };
  const obstacle = `${generation} ${wordsOf(seen)}`;
  return { state: { obstacle }, wal: null };
}

function wordsOf(seen: Look | null): string {
  if (seen === null) return "failure";
  if (seen.kind !== "other_file" && seen.kind !== "deaf") return seen.kind;
  // Another file than the last time is news, too; a commit to one that can't be read is none.
  const { file, sidecars } = seen;
  return JSON.stringify([seen.kind, file.identity, sidecars.wal, sidecars.shm, sidecars.walBytes > 0]);
}

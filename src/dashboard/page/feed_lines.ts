/** What the feed shows after some happenings: pure. */
import type { FeedChange, FeedLine } from "./feed_line.ts";

/** More than anybody scrolls; more of them would make each change dear. */
export const MOST_LINES = 200;

/** `came`: how many lines are new. */
export function newLines(
  shown: readonly FeedLine[],
  changes: readonly FeedChange[],
): { readonly lines: readonly FeedLine[]; readonly came: number } {
  const newest = shown[0]?.seq ?? 0;
  const fresh = changes.flatMap(({ line }) => line && line.seq > newest ? [line] : []);
  const lines = [...fresh.slice(-MOST_LINES).reverse(), ...shown].slice(0, MOST_LINES);
  return { lines: forgetting(lines, forgotten(changes)), came: fresh.length };
}

/** By the number of a message: from which event on its words are gone, or others. */
function forgotten(changes: readonly FeedChange[]): ReadonlyMap<number, number> {
  const bySeq = new Map<number, number>();
  for (const { line, forget } of changes) {
    if (forget !== null) bySeq.set(forget, Infinity);
    // An edit: the line of the edit itself has the words that are current.
    else if (line?.kind === "change" && line.message !== null) bySeq.set(line.message.id, line.seq);
  }
  return bySeq;
}

function forgetting(lines: readonly FeedLine[], gone: ReadonlyMap<number, number>): readonly FeedLine[] {
  if (gone.size === 0) return lines;
  return lines.map((line) => {
    const from = line.message === null ? undefined : gone.get(line.message.id);
    if (from === undefined || line.seq >= from || line.text === null) return line;
    return { ...line, text: null, what: from === Infinity ? "(gone)" : "(edited since)" };
  });
}

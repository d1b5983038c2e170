/** What the feed shows after some happenings: pure. */
import { sentWords } from "../../model/event_words.ts";
import type { FeedChange, FeedFile, FeedLine } from "./feed_line.ts";

/** More than anybody scrolls; more of them would make each change dear. */
export const MOST_LINES = 200;

/** `came`: how many lines are new. */
export function newLines(
  shown: readonly FeedLine[],
  changes: readonly FeedChange[],
): { readonly lines: readonly FeedLine[]; readonly came: number } {
  const newest = shown[0]?.seq ?? 0;
  const fresh = changes.flatMap(({ line }) => line && line.seq > newest ? [line] : []);
  const lines = joined([...fresh.toReversed(), ...shown]);
  return {
    lines: forgetting(lines.slice(0, MOST_LINES), forgotten(changes)),
    came: Math.max(0, lines.length - shown.length),
  };
}

/** A message without text and its files are told as one, wherever both are among these, newest first. */
function joined(lines: readonly FeedLine[]): readonly FeedLine[] {
  const wordless = new Set(lines.flatMap((line) => isWordless(line) ? [line.message.id] : []));
  if (wordless.size === 0) return lines;
  const files = new Map<number, readonly FeedFile[]>();
  const rest = lines.filter((line) => {
    const id = line.about?.message;
    if (line.kind !== "file" || typeof id !== "number" || !wordless.has(id)) return true;
    files.set(id, [...line.files, ...files.get(id) ?? []]);
    return false;
  });
  if (files.size === 0) return lines;
  return rest.map((line) => {
    const came = isWordless(line) ? files.get(line.message.id) : undefined;
    if (came === undefined) return line;
    const known = new Set(line.files.map(({ seq }) => seq));
    const all = [...line.files, ...came.filter(({ seq }) => !known.has(seq))];
    return { ...line, files: all, what: sentWords(all) };
  });
}

/** A message that never had a text, and was not taken back. */
function isWordless(
  line: FeedLine,
): line is FeedLine & { readonly message: NonNullable<FeedLine["message"]> } {
  return line.kind === "message" && line.message !== null && line.text === null &&
    line.what === sentWords(line.files);
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
    if (from === undefined || line.seq >= from) return line;
    if (from === Infinity && isWordless(line)) return { ...line, files: [], what: "(gone)" };
    if (line.text === null) return line;
    return { ...line, text: null, what: from === Infinity ? "(gone)" : "(edited since)" };
  });
}

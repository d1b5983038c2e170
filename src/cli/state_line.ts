/** The one line that `run` and `sync` show on a terminal: pure, so that every state of it can be looked at in a test. */
import { clockTime, counted, duration, grouped } from "./words.ts";

export interface ImportProgress {
  readonly done: number;
  readonly total: number;
  /** Since we first heard of this import, and what was done by then: a resumed one is not as fast as it looks. */
  readonly elapsedMs: number;
  readonly doneBefore: number;
}

/** `Importing ███████░░░░░░  42 %  126,000 of 300,000, 41,000/s, 4.2 s left`, as much of it as fits. */
export function importLine(progress: ImportProgress, columns: number): string {
  const { done, total } = progress;
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const perMs = progress.elapsedMs > 0 ? (done - progress.doneBefore) / progress.elapsedMs : 0;
  // In the first half second a rate is noise.
  const steady = progress.elapsedMs >= 500 && perMs > 0;
  const parts = [
    `${grouped(done)} of ${grouped(total)}`,
    ...steady ? [`${grouped(perMs * 1_000)}/s`] : [],
    ...steady && done < total ? [`${duration(Math.max(1_000, (total - done) / perMs))} left`] : [],
    // The last rows are followed by indexes, which nobody can count.
    ...done >= total ? ["finishing"] : [],
  ];
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  return clipped(`Importing ${bar(share, columns >= 100 ? 20 : 8)} ${percent}  ${parts.join(", ")}`, columns);
}

function bar(share: number, width: number): string {
  const full = Math.floor(share * width);
  return "█".repeat(full) + "░".repeat(width - full);
}

export interface LiveFacts {
  readonly messages: number;
  readonly chats: number;
  readonly clients: number;
  /** The last pass that changed something since we started. */
  readonly last: { readonly at: Date; readonly what: string } | null;
  /** Typical time from a change to its event. */
  readonly latencyMs: number | null;
}

/** `Live  305,112 messages in 200 chats | 1 program connected | 14:03:11 1 new message | 3 ms behind`. */
export function liveLine(facts: LiveFacts, columns: number): string {
  const parts = [
    `Live  ${counted(facts.messages, "message")} in ${counted(facts.chats, "chat")}`,
    ...facts.clients === 0 ? [] : [`${counted(facts.clients, "program")} connected`],
    ...facts.last ? [`${clockTime(facts.last.at)} ${facts.last.what}`] : [],
    ...facts.latencyMs === null ? [] : [`${duration(facts.latencyMs)} behind`],
  ];
  return clipped(parts.join(" | "), columns);
}

/** What a pass did, in few words: `2 new messages, 1 changed, 1 reaction`. */
export function passText(
  pass: {
    readonly created: number;
    readonly updated: number;
    readonly deleted: number;
    readonly reactions: number;
    readonly attachments: number;
  },
): string {
  const parts = [
    pass.created > 0 ? counted(pass.created, "new message") : "",
    pass.updated > 0 ? `${grouped(pass.updated)} changed` : "",
    pass.deleted > 0 ? `${grouped(pass.deleted)} deleted` : "",
    pass.reactions > 0 ? counted(pass.reactions, "reaction") : "",
    pass.attachments > 0 ? counted(pass.attachments, "attachment") : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "other changes" : parts.join(", ");
}

/** Short enough that a `^C` that the terminal echoes fits behind it: a wrapped line could not be rewritten. */
export function clipped(line: string, columns: number): string {
  const characters = [...line];
  const room = Math.max(1, columns - 3);
  return characters.length <= room ? line : `${characters.slice(0, room - 1).join("")}…`;
}

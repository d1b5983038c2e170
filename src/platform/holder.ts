/** Who holds a database, what it is doing and since when: the one account of it, and the one wording. Pure. */

/** What `instance.json` holds. The token is a secret: the file is for its owner alone (0600). */
export interface InstanceInfo {
  readonly pid: number;
  readonly url: string;
  readonly ws: string;
  readonly token: string;
  readonly feed: string;
  readonly version: string;
  /** ISO 8601. */
  readonly started_at: string;
  readonly database: string;
}

/** Why somebody takes the lock. `run` serves until it is stopped; everything else ends by itself. */
export type Work = "run" | "sync" | "contacts undo" | "contacts rename";

/** What the lock file says of its holder. */
export interface HolderRecord {
  readonly pid: number;
  /** A {@link Work}; a later version may know others. Null: an older version does not say. */
  readonly doing: string | null;
  /** ISO 8601. */
  readonly since: string | null;
}

/** Who has the lock: known from the first moment, by `info` once it answers HTTP. */
export interface Holder extends Omit<HolderRecord, "pid"> {
  /** Null where the lock file could not be written, as on a full disk. */
  readonly pid: number | null;
  readonly info: InstanceInfo | null;
}

/** The lock file's only line. */
export function recordText({ pid, doing, since }: HolderRecord): string {
  return `${JSON.stringify({ pid, doing, since })}\n`;
}

/** Null where it is cut off or of another shape. Versions before wrote the bare pid. */
export function parseRecord(text: string): HolderRecord | null {
  // A longer line of before may stand behind it for a moment.
  const end = text.indexOf("\n");
  if (end < 0) return null;
  let value: unknown;
  try {
    value = JSON.parse(text.slice(0, end));
  } catch {
    return null;
  }
  if (typeof value === "number") return { pid: value, doing: null, since: null };
  const fields = new Map<string, unknown>(Object.entries(Object(value)));
  const pid = fields.get("pid");
  if (typeof pid !== "number") return null;
  const word = (name: string) => {
    const found = fields.get(name);
    return typeof found === "string" ? found : null;
  };
  return { pid, doing: word("doing"), since: word("since") };
}

/** Whether it ends by itself, so that waiting for it makes sense. */
export function isPassing(holder: Holder): boolean {
  return holder.info === null && holder.doing !== null && holder.doing !== "run";
}

/** `process 12 (syncing since 14:03:11)`. */
export function holderText(holder: Holder, nowMs: number): string {
  return `${whoText(holder)} (${doingText(holder)}${sinceText(holder.since, nowMs)})`;
}

/** `process 12`. */
export function whoText({ pid }: Pick<Holder, "pid">): string {
  return pid === null ? "another process" : `process ${pid}`;
}

const DOING: ReadonlyMap<string, string> = new Map<Work, string>([
  ["run", "starting"],
  ["sync", "syncing"],
  ["contacts undo", "undoing a merge of contacts"],
  ["contacts rename", "renaming a contact"],
]);

function doingText({ info, doing }: Holder): string {
  if (info !== null) return `serving ${info.url}`;
  return DOING.get(doing ?? "") ?? "busy";
}

function sinceText(since: string | null, nowMs: number): string {
  const at = since === null ? NaN : Date.parse(since);
  if (Number.isNaN(at)) return "";
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  if (date.toDateString() === new Date(nowMs).toDateString()) return ` since ${time}`;
  return ` since ${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

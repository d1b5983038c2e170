/** `status`: what is in the database, and who keeps it. */
import { readStatus } from "../app/once.ts";
import type { Config } from "../config.ts";
import { type Holder, readInstance } from "../platform/instance.ts";
import type { Command } from "./command.ts";
import { EXIT } from "./failure.ts";
import { JSON_FLAG } from "./flags.ts";
import { askForStatus, type StatusWords } from "./remote.ts";
import { aligned, duration, grouped, size } from "./words.ts";

export const statusCommand: Command = {
  name: "status",
  summary: "what is in the database, how fresh it is, and whether an instance runs",
  description:
    "Prints what is in the database, when it was last brought up to date, and the running instance if " +
    "there is one. With --json: what GET /api/v1/status answers.",
  flags: [JSON_FLAG],
  async run(context) {
    const config = context.config();
    const holder = readInstance(config.database);
    // One that has not told its address yet is starting: the file says as much as it could.
    const { whole, words } = holder?.info
      ? await askForStatus(holder.info)
      : readHere(config, context.permissionHint());
    context.io.out(context.flag(JSON_FLAG) ? `${JSON.stringify(whole)}\n` : statusText(words, holder));
    return EXIT.done;
  },
};

function readHere(
  config: Config,
  permissionHint: string,
): { readonly whole: unknown; readonly words: StatusWords } {
  const report = readStatus(config, permissionHint);
  return { whole: report, words: report };
}

/** Exported for its test. */
export function statusText(status: StatusWords, holder: Holder | null): string {
  const { database, last_sync: last, latency_ms: latency } = status;
  const rows: [string, string][] = [
    [
      "State",
      holder === null && status.state === "starting" ? "not running" : status.state.replaceAll("_", " "),
    ],
    ["Instance", instanceText(holder, status.clients)],
    ["Database", `${database.path} (${size(database.size_bytes)})`],
    ["Messages", grouped(database.messages)],
    ["Chats", grouped(database.chats)],
    ["Contacts", grouped(database.contacts)],
    ["Attachments", grouped(database.attachments)],
    ["Reactions", grouped(database.reactions)],
    ["Last change", last.at === null ? "none yet" : lastText(last.at, last.duration_ms, last.reason)],
    ["Compared", comparedText(status.reconcile)],
  ];
  if (status.not_in_source > 0) {
    rows.push(["Kept", `${grouped(status.not_in_source)} that Messages does not have, as it was restored`]);
  }
  if (latency.p50 !== null && latency.p99 !== null) {
    rows.push([
      "Latency",
      `${latency.p50.toFixed(1)} ms typical, ${latency.p99.toFixed(1)} ms at worst (p99)`,
    ]);
  }
  if (status.import) {
    rows.push(["Import", `${grouped(status.import.done)} of ${grouped(status.import.total)}`]);
  }
  if (status.pending > 0) rows.push(["Waiting", waitingText(status.pending, status.pending_old)]);
  if (status.undecodable > 0) {
    rows.push(["Undecodable", `${grouped(status.undecodable)} whose text could not be read`]);
  }
  for (const source of status.sources) {
    const state = source.state === "ok" ? "" : ` (${source.state.replaceAll("_", " ")})`;
    const name = source.kind === "messages" ? "Reads" : "Address book";
    rows.push([name, `${source.path}${state}`]);
    if (source.hint !== "" && source.state !== "ok") rows.push(["", source.hint]);
  }
  return aligned(rows);
}

/** The proof that nothing is missing: when all was compared, and what that mended. */
function comparedText(last: StatusWords["reconcile"]): string {
  if (last === null) return "not yet; all is compared soon after the start, and daily";
  const { missing, extra, different } = last;
  const mended = [[missing, "missing"], [extra, "too many"], [different, "different"]] as const;
  const found = mended.filter(([count]) => count > 0).map(([count, what]) => `${grouped(count)} ${what}`);
  return `${whenText(last.at)}: ${found.length === 0 ? "nothing missing" : `mended ${found.join(", ")}`}`;
}

/** In the reader's zone. */
function whenText(at: string): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ` +
    `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function waitingText(pending: number, old: number): string {
  const all = `${grouped(pending)} for the rest of their data`;
  return old === 0 ? all : `${all}, ${grouped(old)} of them for more than a day`;
}

function instanceText(holder: Holder | null, clients: number): string {
  if (holder === null) return "none running";
  const who = holder.pid === null ? "running" : `process ${holder.pid}`;
  return holder.info ? `${who} at ${holder.info.url}, clients: ${clients}` : `${who}, at work or starting`;
}

function lastText(at: string, ms: number | null, reason: string | null): string {
  return [
    whenText(at),
    ms === null ? "" : `took ${duration(ms)}`,
    reason === null ? "" : `because of ${reason}`,
  ]
    .filter((part) => part !== "").join(", ");
}

/** `status`: what is in the database, and who keeps it. */
import { readStatus } from "../app/offline.ts";
import type { Config } from "../config.ts";
import { LiveSyncError } from "../model/errors.ts";
import { type Holder, holderText, isPassing } from "../platform/holder.ts";
import { readInstance } from "../platform/instance.ts";
import type { Command } from "./command.ts";
import { EXIT, withoutPromise } from "./failure.ts";
import { JSON_FLAG, PLACE_FLAGS, sharedBut } from "./flags.ts";
import { askForStatus, type StatusWords } from "./remote.ts";
import { aligned, counted, duration, grouped, size } from "./words.ts";

export const statusCommand: Command = {
  name: "status",
  summary: "what is in the database, how fresh it is, and whether an instance runs",
  description:
    "Prints what is in the database, when it was last brought up to date, and the running instance if " +
    "there is one. With --json: what GET /api/v1/status answers, with running and holder.",
  flags: [JSON_FLAG],
  foreign: sharedBut(PLACE_FLAGS),
  async run(context) {
    const config = context.config();
    const holder = readInstance(config.database);
    const { whole, words } = holder?.info
      ? await askForStatus(holder.info)
      : readHere(config, context.permissionHint(), holder, context.clock.now());
    context.io.out(
      context.flag(JSON_FLAG)
        ? `${JSON.stringify({ ...Object(whole), ...runningFields(holder) })}\n`
        : statusText(
          words,
          holder,
          context.clock.now(),
          context.io.outIsTerminal ? context.io.columns() : null,
        ),
    );
    return EXIT.done;
  },
};

interface Report {
  readonly whole: unknown;
  readonly words: StatusWords;
}

/** From the file, which says as much as one that is starting could. */
function readHere(config: Config, permissionHint: string, holder: Holder | null, nowMs: number): Report {
  try {
    const report = {
      ...readStatus(config, permissionHint),
      state: isInstance(holder) ? "starting" : "not_running",
    };
    return { whole: report, words: report };
  } catch (error) {
    if (holder === null || !(error instanceof LiveSyncError) || !NOT_MADE_YET.includes(error.code)) {
      throw error;
    }
    throw new LiveSyncError(
      "not_made_yet",
      `Nothing to show yet: ${holderText(holder, nowMs)} has only just begun`,
      "Try again in a moment.",
      { cause: error },
    );
  }
}

const NOT_MADE_YET: readonly string[] = ["no_database", "older_database"];

function isInstance(holder: Holder | null): boolean {
  return holder !== null && !isPassing(holder);
}

/** `running`: an instance, which serves until it is stopped; `holder`: whoever has the database, a `sync` too. */
function runningFields(holder: Holder | null) {
  const { pid = null, doing = null, since = null, info = null } = holder ?? {};
  return {
    running: isInstance(holder),
    holder: holder === null ? null : { pid, doing, since, url: info?.url ?? null },
  };
}

/** `columns`: null where nothing has to fit. Exported for its test. */
export function statusText(
  status: StatusWords,
  holder: Holder | null,
  nowMs: number,
  columns: number | null = null,
): string {
  const { database, last_sync: last, latency_ms: latency } = status;
  const rows: [string, string][] = [
    ["State", stateText(status.state, holder)],
    ["In use by", inUseText(holder, status.clients, nowMs)],
    ["Database", `${database.path} (${size(database.size_bytes)})`],
    ["Messages", grouped(database.messages)],
    ["Chats", grouped(database.chats)],
    ["Contacts", grouped(database.contacts)],
    ["Attachments", grouped(database.attachments)],
    ["Reactions", grouped(database.reactions)],
    ["Last change", last.at === null ? "none yet" : lastText(last.at, last.duration_ms, last.reason)],
    ["Checked", comparedText(status, holder)],
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
    rows.push(["Import", importText(status.import)]);
  }
  if (status.pending > 0) rows.push(["Waiting", waitingText(status.pending, status.pending_old)]);
  if (status.undecodable > 0) {
    rows.push(["Undecodable", `${grouped(status.undecodable)} whose text could not be read`]);
  }
  for (const source of status.sources) {
    const state = source.state === "ok" ? "" : ` (${source.state.replaceAll("_", " ")})`;
    const name = source.kind === "messages" ? "Reads" : "Address book";
    rows.push([name, `${source.path}${state}`]);
    if (source.hint !== "" && source.state !== "ok") {
      rows.push(["", isInstance(holder) ? source.hint : withoutPromise(source.hint)]);
    }
  }
  return aligned(rows, columns);
}

/** The proof that nothing is missing: when all was compared, and what that mended. */
function comparedText({ reconcile: last, state }: StatusWords, holder: Holder | null): string {
  if (last === null) return `not yet: ${firstCheckText(state, isInstance(holder))}`;
  const { missing, extra, different } = last;
  const mended = [[missing, "missing"], [extra, "too many"], [different, "different"]] as const;
  const found = mended.filter(([count]) => count > 0).map(([count, what]) => `${grouped(count)} ${what}`);
  return `${whenText(last.at)}: ${found.length === 0 ? "nothing missing" : `fixed ${found.join(", ")}`}`;
}

function firstCheckText(state: string, isRunning: boolean): string {
  if (!isRunning) return "that needs a running instance";
  return CAN_SYNC.includes(state)
    ? "the first check runs soon after the start"
    : "it runs when syncing resumes";
}

const CAN_SYNC: readonly string[] = ["starting", "importing", "live"];

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

function stateText(state: string, holder: Holder | null): string {
  if (holder === null || !isPassing(holder)) return state.replaceAll("_", " ");
  return holder.doing === "sync" ? "syncing once" : "busy";
}

function importText({ done, total }: NonNullable<StatusWords["import"]>): string {
  const share = total > 0 ? ` (${Math.floor(done / total * 100)} %)` : "";
  return `${grouped(done)} of ${grouped(total)}${share}`;
}

function inUseText(holder: Holder | null, clients: number, nowMs: number): string {
  if (holder === null) return "nobody";
  const connected = holder.info === null ? "" : `, ${counted(clients, "program")} connected`;
  return `${holderText(holder, nowMs)}${connected}`;
}

function lastText(at: string, ms: number | null, reason: string | null): string {
  return [
    whenText(at),
    ms === null ? "" : `took ${duration(ms)}`,
    reason === null ? "" : `because of ${reason}`,
  ]
    .filter((part) => part !== "").join(", ");
}

/** `sync`: one complete catch-up. */
import { type SyncedOnce, syncOnce } from "../app/offline.ts";
import { LiveSyncError } from "../model/errors.ts";
import type { SyncSummary } from "../model/events.ts";
import type { Command, CommandContext } from "./command.ts";
import { EXIT, failureText } from "./failure.ts";
import { JSON_FLAG, LOG_FLAGS, PLACE_FLAGS, sharedBut } from "./flags.ts";
import { handOver } from "./hand_over.ts";
import { askForSync } from "./remote.ts";
import { missingNamedFolder } from "./sources_named.ts";
import { spaceWarning } from "./space_ahead.ts";
import { StopSignals } from "./stop_signals.ts";
import { duration, tally } from "./words.ts";

export const syncCommand: Command = {
  name: "sync",
  summary: "catch up once with messages, attachments and contacts, print a summary, and end",
  description:
    "Brings the database up to date once and prints what changed. When an instance runs on the database, " +
    "it does the work and its answer is printed. Exit code 3 when a source may not be read.",
  flags: [JSON_FLAG],
  foreign: sharedBut([...PLACE_FLAGS, ...LOG_FLAGS, "--region", "--conversation-gap"]),
  async run(context) {
    const { io } = context;
    // Before the work: a typo must not cost an import, and would leave everybody without a name.
    const missing = missingNamedFolder(context, context.config());
    if (missing) throw missing;
    const { summary, unread } = await synced(context);
    io.out(context.flag(JSON_FLAG) ? `${JSON.stringify(summary)}\n` : summaryText(summary));
    const broken = unread.filter((store) => store.state !== "missing");
    const columns = io.errIsTerminal ? io.columns() : null;
    for (const { reason, hint } of broken) {
      io.err(failureText(new LiveSyncError("contacts_unread", reason, hint), columns));
    }
    return broken.some((store) => store.state === "needs_permission") ? EXIT.noPermission : EXIT.done;
  },
};

async function synced(context: CommandContext): Promise<SyncedOnce> {
  return await handOver<SyncedOnce>(context, {
    doing: "sync",
    makesDatabase: true,
    remotely: async (instance) => ({ summary: await askForSync(instance), unread: [] }),
    here: async (config, ports) => {
      const warning = await spaceWarning(config);
      if (warning !== null) ports.log?.warning(warning);
      using stop = new StopSignals(context);
      return await syncOnce(config, ports, stop.signal);
    },
  });
}

/** Exported for its test. */
function summaryText(summary: SyncSummary): string {
  const rows: [number, string][] = [
    [summary.created, "messages new"],
    [summary.updated, "messages changed"],
    [summary.deleted, "messages deleted"],
    [summary.pending, "waiting for the rest of their data"],
    [summary.contacts, "contacts new or changed"],
    [summary.merged, "contacts merged"],
  ];
  return `Up to date (${duration(summary.duration_ms)}).\n${tally(rows)}`;
}

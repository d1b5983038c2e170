/** `sync`: one complete catch-up. */
import { type SyncedOnce, syncOnce } from "../app/once.ts";
import type { AppPorts } from "../app.ts";
import type { SyncSummary } from "../model/events.ts";
import { acquireInstance } from "../platform/instance.ts";
import { refuseNetworkVolume } from "../platform/volume.ts";
import type { Command, CommandContext } from "./command.ts";
import { EXIT } from "./failure.ts";
import { JSON_FLAG } from "./flags.ts";
import { RunView } from "./run_view.ts";
import { StopSignals } from "./stop_signals.ts";
import { askForSync, reachableInstance } from "./remote.ts";
import { duration, tally } from "./words.ts";

export const syncCommand: Command = {
  name: "sync",
  summary: "catch up once with messages, attachments and contacts, print a summary, and end",
  description:
    "Brings the database up to date once and prints what changed. When an instance runs on the database, " +
    "it does the work and its answer is printed. Exit code 3 when a source may not be read.",
  allFlags: true,
  flags: [JSON_FLAG],
  async run(context) {
    const { summary, unread } = await synced(context);
    context.io.out(context.flag(JSON_FLAG) ? `${JSON.stringify(summary)}\n` : summaryText(summary));
    const broken = unread.filter((store) => store.state !== "missing");
    for (const { reason, hint } of broken) context.io.err(`${reason}. ${hint}\n`);
    return broken.some((store) => store.state === "needs_permission") ? EXIT.noPermission : EXIT.done;
  },
};

async function synced(context: CommandContext): Promise<SyncedOnce> {
  const { clock, io } = context;
  const config = context.config();
  for (;;) {
    const instance = await reachableInstance(config.database, clock);
    if (instance) return { summary: await askForSync(instance), unread: [] };
    refuseNetworkVolume(config.database);
    const { lock } = await acquireInstance(config.database, clock);
    // Somebody else was quicker: ask again who it is.
    if (!lock) continue;
    using _lock = lock;
    using stop = new StopSignals(context);
    using view = new RunView(io, clock, config);
    const ports: AppPorts = {
      log: view.log,
      permissionHint: context.permissionHint(),
      observe: (happening) => view.observe(happening),
    };
    return await syncOnce(config, ports, stop.signal);
  }
}

/** Exported for its test. */
export function summaryText(summary: SyncSummary): string {
  const rows: [number, string][] = [
    [summary.created, "messages new"],
    [summary.updated, "messages changed"],
    [summary.deleted, "messages deleted"],
    [summary.pending, "waiting for the rest of their data"],
    [summary.contacts, "contacts new or changed"],
    [summary.merged, "contacts merged"],
  ];
  return `In step after ${duration(summary.duration_ms)}.\n${tally(rows)}`;
}

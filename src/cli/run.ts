/** `run`: the program's main job, until it is told to stop. */
import { type App, type AppPorts, start } from "../app.ts";
import type { Config } from "../config.ts";
import { cutAgentLog } from "../launchd/files.ts";
import { LiveSyncError } from "../model/errors.ts";
import { type Clock, sleep } from "../platform/clock.ts";
import { acquireInstance, type Holder, type InstanceLock, waitForInstance } from "../platform/instance.ts";
import { keepInspectorShut } from "../platform/inspector.ts";
import { dropPermissions } from "../platform/permissions.ts";
import { refuseNetworkVolume } from "../platform/volume.ts";
import type { Command, CommandContext } from "./command.ts";
import { isDoubleClick, servingWords, showRunning } from "./double_click.ts";
import { EXIT, failureLine } from "./failure.ts";
import { WAIT_FLAG } from "./flags.ts";
import { RunView } from "./run_view.ts";
import { StopSignals } from "./stop_signals.ts";

/** The contract gives 2 s from the signal to the exit. */
const STOP_MS = 1_700;

export const runCommand: Command = {
  name: "run",
  summary: "import or catch up, then watch and serve until stopped",
  description:
    "Brings the database up to date, then follows Messages and tells every client of each change, until " +
    "Ctrl-C or SIGTERM. Without any flag it reads your Messages and keeps its database in your Library.",
  allFlags: true,
  flags: [WAIT_FLAG],
  async run(context) {
    const config = context.config();
    cutAgentLog(config.home, Deno.env.get("XPC_SERVICE_NAME"));
    using stop = new StopSignals(context);
    using _shut = keepInspectorShut(context.clock);
    using view = new RunView(context.io, context.clock, config);
    if (isDoubleClick(context) && await showRunning(context, config)) return EXIT.done;
    using lock = await takeLock(context, config, stop, view);
    if (!lock) return EXIT.done;
    const published = Promise.withResolvers<void>();
    const ports: AppPorts = {
      log: view.log,
      permissionHint: context.permissionHint(),
      observe: (happening) => view.observe(happening),
      ...config.sidecar ? { stdio: stdioAfter(published.promise) } : {},
    };
    const words = servingWords(context);
    view.starting();
    const starting = startWhole(config, ports);
    const app = await Promise.race([starting, stop.asked]);
    if (!app) {
      // Asked to stop while starting: what comes up is taken down again, unless that takes too long.
      published.resolve();
      await inTime(context.clock, starting.then((late) => late.stop(), () => {}));
      return EXIT.done;
    }
    publish(lock, app);
    dropPermissions();
    published.resolve();
    view.serving(app, words);
    const outcome = await Promise.race([app.finished, stop.asked]);
    view.stopping();
    if (!await inTime(context.clock, app.stop())) {
      view.log.warning("stopping took too long: ended where it was");
    }
    if (!outcome || outcome.fatal === null) return EXIT.done;
    // With --sidecar the app itself has told its parent, at the right place among the events.
    view[Symbol.dispose]();
    context.io.err(`${failureLine(outcome.fatal)}\n`);
    return EXIT.failed;
  },
};

/** Resolves when everything is open that needs permissions. */
async function startWhole(config: Config, ports: AppPorts): Promise<App> {
  const app = await start(config, ports);
  try {
    await app.openAll();
    return app;
  } catch (error) {
    await app.stop();
    throw error;
  }
}

/** stdin and stdout; nothing is written before `until`, so that a parent that reads `ready` finds instance.json there. */
function stdioAfter(until: Promise<void>): NonNullable<AppPorts["stdio"]> {
  const stdout = Deno.stdout.writable.getWriter();
  const writable = new WritableStream<Uint8Array>({
    async write(chunk) {
      await until;
      await stdout.write(chunk);
    },
  });
  return { readable: Deno.stdin.readable, writable };
}

async function takeLock(
  context: CommandContext,
  config: Config,
  stop: StopSignals,
  view: RunView,
): Promise<InstanceLock | null> {
  refuseNetworkVolume(config.database);
  const { lock, heldBy } = await acquireInstance(config.database, context.clock);
  if (lock) return lock;
  if (!config.wait) throw alreadyRunning(heldBy);
  view.waiting("Waiting for the other instance on this database to end …");
  return await waitForInstance(config.database, stop.signal, context.clock);
}

function alreadyRunning(holder: Holder): LiveSyncError {
  const pid = holder.info?.pid ?? holder.pid;
  const who = pid === null ? "another process" : `process ${pid}`;
  const where = holder.info ? ` and serves ${holder.info.url}` : "";
  return new LiveSyncError(
    "already_running",
    `Cannot run as ${who} holds this database${where}`,
    "Use `open` to see its dashboard, or `run --wait` to take over when it ends.",
  );
}

function publish(lock: InstanceLock, app: App): void {
  const { pid, url, ws, token, feed, version, database } = app.ready;
  const started_at = new Date().toISOString();
  lock.publish({ pid, url, ws, token, feed, version, started_at, database });
}

/** Whether `work` ended within the time that the contract leaves; a late one is left to the process's end. */
async function inTime(clock: Clock, work: Promise<void>): Promise<boolean> {
  const limit = new AbortController();
  try {
    return await Promise.race([
      work.then(() => true),
      sleep(clock, STOP_MS, limit.signal).then(() => false),
    ]);
  } finally {
    limit.abort();
  }
}

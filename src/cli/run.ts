/** `run`: the program's main job, until it is told to stop. */
import { type App, type AppPorts, start } from "../app/app.ts";
import type { Config } from "../config.ts";
import { sizeOf } from "../doctor/places.ts";
import { cutAgentLog } from "../launchd/files.ts";
import { LiveSyncError } from "../model/errors.ts";
import { type Clock, sleep } from "../platform/clock.ts";
import { type Holder, isPassing, whoText } from "../platform/holder.ts";
import { type InstanceLock, waitForInstance } from "../platform/instance.ts";
import { keepInspectorShut } from "../platform/inspector.ts";
import { dropPermissions } from "../platform/permissions.ts";
import { DRIVER } from "../sqlite/sqlite.ts";
import { refuseNetworkVolume } from "../platform/volume.ts";
import type { Command, CommandContext } from "./command.ts";
import { isDoubleClick, servingWords, showRunning } from "./double_click.ts";
import { EXIT, failureText } from "./failure.ts";
import { WAIT_FLAG } from "./flags.ts";
import { waitingText } from "./hand_over.ts";
import { publishPatiently } from "./publishing.ts";
import { RunView } from "./run_view.ts";
import { missingNamedFolder } from "./sources_named.ts";
import { spaceWarning } from "./space_ahead.ts";
import { StopSignals } from "./stop_signals.ts";

/** The contract gives 2 s from the signal to the exit. */
const STOP_MS = 1_700;

export const runCommand: Command = {
  name: "run",
  summary: "import or catch up, then watch and serve until stopped",
  description:
    "Brings the database up to date, then follows Messages and tells every client of each change, until " +
    "Ctrl-C or SIGTERM. Without any flag it reads your Messages and keeps its database in your Library.",
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
    await tellWhatIsAhead(context, config, view);
    const starting = startWithRoom(config, ports, { context, view, stop });
    const app = await Promise.race([starting, stop.asked]);
    if (!app) {
      // Asked to stop while starting: what comes up is taken down again, unless that takes too long.
      published.resolve();
      await inTime(context.clock, starting.then((late) => late.stop(), () => {}));
      return EXIT.done;
    }
    using _told = publishPatiently(lock, app.ready, { clock: context.clock, log: view.log });
    dropPermissions({ keepFfi: DRIVER.needsFfi });
    published.resolve();
    view.serving(app, words);
    const outcome = await Promise.race([app.finished, stop.asked]);
    view.stopping();
    if (!await inTime(context.clock, app.stop())) {
      view.log.warning("Stopping took too long: ended anyway");
    }
    if (!outcome || outcome.fatal === null) return EXIT.done;
    // With --sidecar the app itself has told its parent, at the right place among the events.
    view[Symbol.dispose]();
    const { io } = context;
    io.err(failureText(outcome.fatal, io.errIsTerminal ? io.columns() : null, io.colour));
    return EXIT.failed;
  },
};

const LOOK_FOR_ROOM_MS = 2_000;

/** A full disk, on which our database can't even be opened, is waited out: it says so once and goes on when there is room. */
async function startWithRoom(
  config: Config,
  ports: AppPorts,
  { context, view, stop }: { context: CommandContext; view: RunView; stop: StopSignals },
): Promise<App> {
  // Where there is none yet, nothing is lost by ending, and whoever started us hears why.
  const isNew = sizeOf(config.database) === 0;
  for (let said = false;; said = true) {
    try {
      return await startWhole(config, ports);
    } catch (error) {
      const isFull = error instanceof LiveSyncError && error.code === "disk_full";
      if (!isFull || isNew || stop.signal.aborted) throw error;
      if (!said) {
        view.log.warning(`${error.message}: waiting until there is room`);
        view.waiting("The disk is full: waiting until there is room");
      }
      await sleep(context.clock, LOOK_FOR_ROOM_MS, stop.signal);
    }
  }
}

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

/** What would stand in the way later, and is known already; no reason not to start. */
async function tellWhatIsAhead(context: CommandContext, config: Config, view: RunView): Promise<void> {
  const missing = missingNamedFolder(context, config);
  if (missing) view.log.warning(`${missing.message}. ${missing.hint}`);
  const space = await spaceWarning(config);
  if (space !== null) view.log.warning(space);
}

/** Waits for what ends by itself, such as a `sync`; for another instance with `--wait` alone. */
async function takeLock(
  context: CommandContext,
  config: Config,
  stop: StopSignals,
  view: RunView,
): Promise<InstanceLock | null> {
  refuseNetworkVolume(config.database);
  return await waitForInstance(config.database, stop.signal, context.clock, {
    doing: "run",
    onHolder: (holder) => {
      if (!isPassing(holder) && !config.wait) throw alreadyRunning(holder, context);
      view.waiting(waitingText(holder, context.clock.now()));
    },
  });
}

function alreadyRunning(holder: Holder, { line }: CommandContext): LiveSyncError {
  const where = holder.info ? ` at ${holder.info.url}` : "";
  return new LiveSyncError(
    "already_running",
    `Already running (${whoText(holder)})${where}`,
    `To see its dashboard: \`${line("open")}\`. To take over when it ends: \`${line("run --wait")}\`.`,
  );
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

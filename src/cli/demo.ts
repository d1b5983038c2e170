/** `demo`: the whole way of a message, on invented conversations, in a folder that is thrown away. */
import { type App, start } from "../app/app.ts";
import type { Config } from "../config.ts";
import { playContactsPace } from "../simulator/contacts_pace.ts";
import { type ContactsPlan, planContacts } from "../simulator/contacts_plan.ts";
import { startContactsProcess } from "../simulator/contacts_process.ts";
import { type MessagesProcess, startMessagesProcess } from "../simulator/messages_process.ts";
import { LiveSyncError } from "../model/errors.ts";
import type { SyncState } from "../model/events.ts";
import { type Clock, sleep } from "../platform/clock.ts";
import { openDatabase } from "../sqlite/sqlite.ts";
import { type Command, type CommandContext, integerFlag } from "./command.ts";
import { connectDemoClient } from "./demo/client.ts";
import { DemoFolder, removeAbandoned } from "./demo/folder.ts";
import { makeHistory } from "./demo/history.ts";
import { DemoLabels } from "./demo/labels.ts";
import { DemoScreen } from "./demo/screen.ts";
import { EXIT } from "./failure.ts";
import { DEMO_FLAGS, MESSAGES_FLAG, SECONDS_FLAG, SEED_FLAG } from "./flags.ts";
import { RunView } from "./run_view.ts";
import { StopSignals } from "./stop_signals.ts";

/** What the demo decides itself: its own places and speed, and a terminal as its only reader. */
const NOT_FOR_DEMO = [
  "--messages-db",
  "--addressbook-dir",
  "--database",
  "--contacts-interval",
  "--sync-cooldown",
  "--sidecar",
];

export const demoCommand: Command = {
  name: "demo",
  summary: "see it work on invented conversations, without touching anything of yours",
  description:
    "Makes a throw-away Messages database and AddressBook, lets a simulated Messages app and a simulated Contacts " +
    "app write into them from processes of their own, follows them as the real thing would, and prints what a " +
    "connected client gets and how soon. " +
    "Ends at Ctrl-C and removes what it made. Works on any system.",
  flags: DEMO_FLAGS,
  foreign: NOT_FOR_DEMO,
  async run(context) {
    const options = {
      seconds: integerFlag(context, SECONDS_FLAG, { least: 1, most: 86_400, fallback: null }),
      seed: integerFlag(context, SEED_FLAG, { least: 0, most: 2_147_483_647, fallback: 1 }),
      messages: integerFlag(context, MESSAGES_FLAG, { least: 0, most: 5_000_000, fallback: 5_000 }),
    };
    const given = context.config();
    using stop = new StopSignals(context);
    using made = new DemoFolder();
    const folder = made.path;
    removeAbandoned(folder);
    const config = {
      ...given,
      ...QUICK_CONTACTS,
      ...pathsIn(folder),
      sidecar: false,
      logLevel: shownLevel(given.logLevel),
    };
    await play(context, config, {
      ...options,
      folder,
      stop,
      plan: planContacts(options.seed),
      startedAtMs: context.clock.now(),
    });
    return EXIT.done;
  },
};

/** Who watches would not wait a minute for a name. */
const QUICK_CONTACTS = { contactsIntervalSeconds: 1, syncCooldownSeconds: 1 };

/** Numbers without a card are part of the show: no warnings of them between the lines, unless they were asked for. */
function shownLevel(asked: Config["logLevel"]): Config["logLevel"] {
  return asked === "info" ? "error" : asked;
}

interface DemoOptions {
  readonly seconds: number | null;
  readonly seed: number;
  readonly messages: number;
  readonly folder: string;
  readonly stop: StopSignals;
  readonly plan: ContactsPlan;
  /** Milliseconds since 1970 UTC. */
  readonly startedAtMs: number;
}

function pathsIn(folder: string): Pick<Config, "messagesDb" | "addressbookDir" | "database"> {
  return {
    messagesDb: `${folder}/Messages/chat.db`,
    addressbookDir: `${folder}/AddressBook`,
    database: `${folder}/ChatStats/chatstats.db`,
  };
}

async function play(context: CommandContext, config: Config, options: DemoOptions): Promise<void> {
  const { io, clock } = context;
  const screen = new DemoScreen(io, clock);
  screen.explain();
  await makeHistory(io, config, { ...options, signal: options.stop.signal });
  if (options.stop.signal.aborted) return screen.stoppedEarly();
  const live = new Liveness();
  using view = new RunView(io, clock, config, "quiet");
  const startedAt = clock.monotonic();
  await using app = await start(config, {
    log: view.log,
    observe: (happening) => {
      if (happening.kind === "state") live.enter(happening.state, happening.reason);
      view.observe(happening);
    },
  });
  live.enter(app.status().state, "");
  await Promise.race([live.reached, options.stop.asked]);
  // Its bar goes first: what is said now must not come out in the middle of it.
  view[Symbol.dispose]();
  if (options.stop.signal.aborted) return screen.stoppedEarly();
  const imported = { messages: app.status().database.messages, ms: clock.monotonic() - startedAt };
  screen.serving(app.ready, options.folder, imported);
  await follow(context, app, { ...options, screen, config });
  screen.end();
}

/** Client first, conversations second: so that nothing is said before somebody listens. */
async function follow(
  context: CommandContext,
  app: App,
  options: DemoOptions & { readonly screen: DemoScreen; readonly config: Config },
): Promise<void> {
  const { screen, stop, config, seed, plan } = options;
  using database = openDatabase(config.database, { readOnly: true });
  using client = await connectDemoClient(app.ready, (message) => screen.receive(message));
  screen.begin(new DemoLabels(database));
  await using messages = startMessagesProcess({ db: config.messagesDb, seed });
  await using contacts = startContactsProcess({ folder: config.addressbookDir, seed });
  const ended = new AbortController();
  const paced = messages.playHumanPace(seed).then(() =>
    playContactsPace(plan, { contacts, messages, clock: context.clock, signal: ended.signal })
  );
  const trouble = await Promise.race([
    client.lost,
    gone(messages, "Messages", context.clock, stop),
    gone(contacts, "Contacts", context.clock, stop),
    failed(paced, ended.signal, context.clock, stop),
    app.finished.then(({ fatal }) => fatal ?? new LiveSyncError("demo_ended", "The sidecar ended")),
    stop.asked,
    ...options.seconds === null ? [] : [sleep(context.clock, options.seconds * 1_000, ended.signal)],
  ]);
  ended.abort();
  if (trouble !== undefined) throw trouble;
}

/** Ctrl-C in a terminal goes to the other processes too: their end is trouble only when nobody asked for it. */
async function gone(
  app: Pick<MessagesProcess, "finished">,
  name: "Messages" | "Contacts",
  clock: Clock,
  stop: StopSignals,
): Promise<LiveSyncError | undefined> {
  const code = await app.finished;
  if (await wasAsked(clock, stop)) return undefined;
  return new LiveSyncError(
    `${name.toLowerCase()}_app_gone`,
    `The simulated ${name} app ended with ${code}`,
  );
}

/** The error of work that may end before the rest does: it is no end of the demo when it is well. */
function failed(
  work: Promise<void>,
  ended: AbortSignal,
  clock: Clock,
  stop: StopSignals,
): Promise<unknown> {
  return new Promise((resolve) => {
    work.catch(async (error: unknown) => {
      if (!ended.aborted && !await wasAsked(clock, stop)) resolve(error);
    });
  });
}

const SIGNAL_MS = 1_000;

/** The other processes may have ended of the Ctrl-C that has not reached this one yet. */
async function wasAsked(clock: Clock, stop: StopSignals): Promise<boolean> {
  const over = new AbortController();
  await Promise.race([stop.asked, sleep(clock, SIGNAL_MS, over.signal)]);
  over.abort();
  return stop.signal.aborted;
}

/** Waits for the state `live`; another state that would last is a failure of the demo. */
class Liveness {
  readonly #reached = Promise.withResolvers<void>();

  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  enter(state: SyncState, reason: string): void {
    if (state === "live") this.#reached.resolve();
    if (state === "failed" || state === "source_missing" || state === "needs_permission") {
      const why = reason === "" ? state : reason;
      this.#reached.reject(
        new LiveSyncError("demo_failed", `The demo does not go live: ${why}`),
      );
    }
  }
}

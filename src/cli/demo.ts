/** `demo`: the whole way of a message, on invented conversations, in a folder that is thrown away. */
import { type App, start } from "../app.ts";
import type { Config } from "../config.ts";
import { createChatDatabase } from "../demo/chat_database.ts";
import { type MessagesProcess, startMessagesProcess } from "../demo/messages_process.ts";
import { populate } from "../demo/populate.ts";
import { LiveSyncError } from "../model/errors.ts";
import type { SyncState } from "../model/events.ts";
import { sleep } from "../platform/clock.ts";
import { openDatabase } from "../platform/sqlite.ts";
import { type Command, type CommandContext, integerFlag } from "./command.ts";
import { connectDemoClient } from "./demo_client.ts";
import { DemoLabels } from "./demo_labels.ts";
import { DemoScreen } from "./demo_screen.ts";
import { EXIT } from "./failure.ts";
import { DEMO_FLAGS, MESSAGES_FLAG, SECONDS_FLAG, SEED_FLAG } from "./flags.ts";
import { RunView } from "./run_view.ts";
import { StopSignals } from "./stop_signals.ts";

export const demoCommand: Command = {
  name: "demo",
  summary: "see it work on invented conversations, without touching anything of yours",
  description:
    "Makes a throw-away Messages database, lets a simulated Messages app write conversations into it from " +
    "a second process, follows it as the real thing would, and prints what a connected client gets and how soon. " +
    "Ends at Ctrl-C and removes what it made. Works on any system.",
  flags: DEMO_FLAGS,
  async run(context) {
    const options = {
      seconds: integerFlag(context, SECONDS_FLAG, { least: 1, most: 86_400, fallback: null }),
      seed: integerFlag(context, SEED_FLAG, { least: 0, most: 2_147_483_647, fallback: 1 }),
      messages: integerFlag(context, MESSAGES_FLAG, { least: 0, most: 5_000_000, fallback: 5_000 }),
    };
    const given = context.config();
    using stop = new StopSignals(context.exitNow);
    const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "chatstats-demo-" }));
    try {
      await play(context, { ...given, ...pathsIn(folder), sidecar: false }, { ...options, folder, stop });
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
    return EXIT.done;
  },
};

interface DemoOptions {
  readonly seconds: number | null;
  readonly seed: number;
  readonly messages: number;
  readonly folder: string;
  readonly stop: StopSignals;
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
  makeHistory(config, options);
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
  if (options.stop.signal.aborted) return;
  view[Symbol.dispose]();
  const imported = { messages: app.status().database.messages, ms: clock.monotonic() - startedAt };
  screen.serving(app.ready, options.folder, imported);
  await follow(context, app, { ...options, screen, config });
  screen.end();
}

/** Some thousand messages of the past, written before anybody looks. */
function makeHistory(config: Config, options: DemoOptions): void {
  Deno.mkdirSync(`${options.folder}/Messages`);
  Deno.mkdirSync(`${options.folder}/ChatStats`);
  Deno.mkdirSync(config.addressbookDir);
  using chatDb = createChatDatabase(config.messagesDb, { release: "macos15" });
  if (options.messages > 0) populate(chatDb, { messages: options.messages, seed: options.seed });
}

/** Client first, conversations second: so that nothing is said before somebody listens. */
async function follow(
  context: CommandContext,
  app: App,
  options: DemoOptions & { readonly screen: DemoScreen; readonly config: Config },
): Promise<void> {
  const { screen, stop, config, seed } = options;
  using database = openDatabase(config.database, { readOnly: true });
  using client = await connectDemoClient(app.ready, (message) => screen.receive(message));
  screen.begin(new DemoLabels(database));
  await using messages = startMessagesProcess({ db: config.messagesDb, seed });
  await messages.playHumanPace(seed);
  const ended = new AbortController();
  const trouble = await Promise.race([
    client.lost,
    gone(messages, stop),
    app.finished.then(({ fatal }) =>
      fatal ?? new LiveSyncError("demo_ended", "Cannot go on as the sidecar ended")
    ),
    stop.asked,
    ...options.seconds === null ? [] : [sleep(context.clock, options.seconds * 1_000, ended.signal)],
  ]);
  ended.abort();
  if (trouble !== undefined) throw trouble;
}

/** Ctrl-C in a terminal goes to the other process too: its end is trouble only when nobody asked for it. */
async function gone(messages: MessagesProcess, stop: StopSignals): Promise<LiveSyncError | undefined> {
  const code = await messages.finished;
  if (stop.signal.aborted) return undefined;
  return new LiveSyncError(
    "messages_app_gone",
    `Cannot go on as the simulated Messages app ended with ${code}`,
  );
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
        new LiveSyncError("demo_failed", `Cannot show the demo as it does not go live: ${why}`),
      );
    }
  }
}

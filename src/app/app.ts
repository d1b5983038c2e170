/**
 * Composition root: opens the database, answers HTTP, then imports and watches in the background. The layers meet here
 * and nowhere else; what one needs of another it gets as a function.
 */
import { apiReads } from "./api.ts";
import {
  type AppPorts,
  engineOptions,
  type Happening,
  happeningOf,
  newTriggers,
  openOurs,
  type Triggers,
} from "./wiring.ts";
import { lookOutcomeOf } from "./look_outcome.ts";
import { type WalChanges, walChanges } from "./wal_changes.ts";
import { walHints } from "./wal_hints.ts";
import type { Config } from "../config.ts";
import { dashboardAssets } from "../dashboard/assets.ts";
import { errorMessage, LiveSyncError } from "../model/errors.ts";
import type { ReadyMessage, SyncState, SyncSummary, Transient, TransientEvent } from "../model/events.ts";
import { fatalMessage } from "../model/fatal_message.ts";
import type { FeedStore } from "../model/feed.ts";
import type { StatusReport } from "../model/status.ts";
import { Feed } from "../notify/feed.ts";
import { serve } from "../notify/http.ts";
import { startStdio, type Stdio } from "../notify/stdio.ts";
import { type Cancel, type Clock, sleep, systemClock, yieldToEventLoop } from "../platform/clock.ts";
import { type Kqueue, openKqueue } from "../platform/kqueue.ts";
import { type Log, silentLog } from "../platform/log.ts";
import type { Connection } from "../sqlite/sqlite.ts";
import { explainStoreFailure } from "../store/open_failure.ts";
import { Engine } from "../sync/engine.ts";
import { statusReport } from "../sync/status_report.ts";
import { withContacts } from "../sync/loops/sync_summary.ts";
import { type LookOutcome, watchSource } from "../watch/source_watch.ts";
import { VERSION } from "../platform/version.ts";
import { superviseLoops } from "../sync/loops/supervisor.ts";

export type { AppPorts, Happening } from "./wiring.ts";

export interface App extends AsyncDisposable {
  readonly ready: ReadyMessage;
  /** Resolves when the program should end: the parent is gone or asked for it, or a failure that it can't survive. */
  readonly finished: Promise<{ readonly fatal: unknown } | { readonly fatal: null }>;
  status(): StatusReport;
  /** Opens everything that needs permissions; to be awaited before they are given away. */
  openAll(): Promise<void>;
  syncNow(reason: string): Promise<SyncSummary>;
  stop(): Promise<void>;
}

const PRUNE_EVERY_MS = 3_600_000;

/**
 * Opens the database, answers HTTP, then imports and watches in the background.
 *
 * Throws what opening the database or the port throws; no failure of a sync does.
 */
export async function start(config: Config, ports: AppPorts = {}): Promise<App> {
  const db = await openOurs(config, ports);
  try {
    return new RunningApp(config, ports, db);
  } catch (error) {
    throw explainStoreFailure(error, config.database, "open");
  }
}

class RunningApp implements App {
  readonly ready: ReadyMessage;
  readonly finished: Promise<{ readonly fatal: unknown }>;
  readonly #config: Config;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #observe: (happening: Happening) => void;
  readonly #changes: WalChanges;
  readonly #engine: Engine;
  readonly #feed: Feed;
  readonly #stdio: Stdio | null;
  readonly #teardown: (() => void | Promise<void>)[] = [];
  readonly #stopping = new AbortController();
  readonly #finish: (outcome: { readonly fatal: unknown }) => void;
  #failure: unknown = null;
  #stopped: Promise<void> | null = null;

  constructor(config: Config, ports: AppPorts, db: Connection) {
    this.#config = config;
    this.#clock = ports.clock ?? systemClock;
    this.#log = ports.log ?? silentLog;
    this.#observe = ports.observe ?? (() => {});
    const { promise, resolve } = Promise.withResolvers<{ readonly fatal: unknown }>();
    this.finished = promise;
    this.#finish = resolve;

    this.#changes = walChanges(config.messagesDb);
    const triggers = newTriggers();
    this.#engine = this.#makeEngine(db, triggers, ports);
    this.#feed = new Feed(this.#engine.outbox);
    try {
      const server = serve({
        feed: this.#feed,
        assets: dashboardAssets,
        health: () => ({
          status: this.#healthy() ? "ok" : "degraded",
          state: this.#state(),
          version: VERSION,
        }),
        status: () => this.status(),
        sync: () => this.syncNow("request"),
        ...apiReads(this.#engine, { clock: this.#clock, signal: this.#stopping.signal }),
      }, {
        port: config.port,
        token: config.token,
        allowOrigins: config.allowOrigins,
        clock: this.#clock,
        log: this.#log,
        // The right to listen is given up once it listens, so it can't be mended from within.
        onDeaf: (error) => this.#fail(error),
      });
      this.#teardown.push(() => server.close(), () => this.#feed.close());
      this.ready = readyMessage(config, server, this.#engine.outbox);
    } catch (error) {
      this.#engine.close();
      throw error;
    }
    this.#stdio = ports.stdio === undefined ? null : this.#speakOn(ports.stdio);
    this.#watch(triggers.messages);
    this.#schedulePruning();
    this.#superviseLoops();
  }

  status(): StatusReport {
    const { contacts, outbox, state, summary, watcher } = this.#engine;
    return statusReport({
      paths: this.#config,
      facts: this.#engine.facts(),
      feed: outbox,
      state: state.state.state,
      hint: state.state.hint,
      sourceIsWell: state.sourceIsWell,
      lastDurationMs: summary.lastDurationMs,
      latency: watcher.latency.quantiles(),
      clients: this.#feed.clients,
      rssBytes: Deno.memoryUsage().rss,
      stores: contacts.stores,
      contactsAtMs: contacts.lastAtMs,
    });
  }

  openAll(): Promise<void> {
    return this.#engine.openAll();
  }

  async syncNow(reason: string): Promise<SyncSummary> {
    const { catchUp, contacts } = this.#engine;
    return withContacts(await catchUp.syncNow(reason), await contacts.syncNow(reason));
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #makeEngine(db: Connection, triggers: Triggers, ports: AppPorts): Engine {
    return new Engine(db, engineOptions(this.#config, ports, this.#changes), {
      triggers,
      sink: {
        committed: (events) => this.#feed.committed(events),
        resync: () => this.#feed.resyncAll(),
        clientsLeft: () => this.#feed.clientsLeft,
        tell: (told) => this.#tell(told),
      },
      clock: this.#clock,
      log: this.#log,
      probe: ports.probe,
    });
  }

  #speakOn(stdio: NonNullable<AppPorts["stdio"]>): Stdio {
    return startStdio({
      ...stdio,
      ready: this.ready,
      feed: this.#feed,
      control: {
        sync: () => this.syncNow("request"),
        shutdown: () => this.#finish({ fatal: null }),
      },
      onParentGone: () => this.#finish({ fatal: null }),
      onFailure: (error) => this.#fail(error),
      clock: this.#clock,
    });
  }

  /** In the next turn: whoever started us hears "ready" before the first step, which may hold the loop for a while. */
  #superviseLoops(): void {
    const { signal } = this.#stopping;
    const supervised = sleep(this.#clock, 0).then(() => superviseLoops(this.#engine.loops, signal));
    supervised.then(({ failed }) => failed).then(({ loop, error }) => {
      this.#log.debug("A loop ended", { loop });
      this.#fail(error);
    });
    this.#teardown.push(() => supervised.then(({ ended }) => ended));
  }

  /** Hints and poll; both only say "look". */
  #watch(trigger: Triggers["messages"]): void {
    const stop = watchSource({
      watchWal: this.#config.fileEvents ? walHints(this.#openKqueue()) : null,
      clock: this.#clock,
      look: () => this.#sight(),
      peek: () => this.#engine.watcher.peek(),
      prepare: () => this.#changes.readAhead(),
      onNews: (reason) => {
        if (reason === "clock") this.#log.info("The clock jumped: checking everything again");
        trigger.pull(reason);
      },
      onNoEvents: (error) =>
        this.#log.debug("No file events: polling alone", { reason: errorMessage(error) }),
    });
    this.#teardown.push(stop);
  }

  /** Now, while the program may still use `ffi`. */
  #openKqueue(): Kqueue | null {
    const kqueue = openKqueue();
    if (kqueue !== null) this.#teardown.push(() => kqueue.close());
    return kqueue;
  }

  #sight(): LookOutcome {
    const { sourceGeneration } = this.#engine;
    try {
      return lookOutcomeOf(this.#engine.watcher.look(), sourceGeneration);
    } catch {
      // The runner meets the same failure in its next catch-up, and knows what to say of it.
      return lookOutcomeOf(null, sourceGeneration);
    }
  }

  #schedulePruning(): void {
    let cancel: Cancel = () => {};
    const prune = async () => {
      try {
        while (!this.#stopping.signal.aborted && this.#engine.prune()) await yieldToEventLoop();
      } catch (error) {
        // Our database is busy or full: the events can wait for the next time.
        if (!(error instanceof LiveSyncError)) throw error;
        this.#log.warning("Cannot prune old events now", { reason: error.message });
      }
      if (!this.#stopping.signal.aborted) cancel = this.#clock.after(PRUNE_EVERY_MS, run);
    };
    const run = () => void prune().catch((error: unknown) => this.#fail(error));
    cancel = this.#clock.after(10_000, run);
    this.#teardown.push(() => cancel());
  }

  #tell(told: Transient): void {
    this.#feed.transient(transientEvent(told, this.#clock.now()));
    this.#observe(happeningOf(told));
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#finish({ fatal: error });
  }

  #state(): SyncState {
    return this.#engine.state.state.state;
  }

  #healthy(): boolean {
    const state = this.#state();
    return state === "live" || state === "importing" || state === "starting";
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    const failures: unknown[] = [];
    try {
      await this.#engine.stopWork();
    } catch (error) {
      failures.push(error);
    }
    for (const end of this.#teardown.toReversed()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    await this.#stdio?.close(this.#failure === null ? undefined : fatalMessage(this.#failure));
    try {
      this.#engine.close();
    } catch (error) {
      failures.push(error);
    }
    this.#finish({ fatal: null });
    if (failures.length > 0) throw new AggregateError(failures, "Not everything could be closed");
  }
}

function readyMessage(
  config: Config,
  server: { readonly port: number; readonly url: string; readonly ws: string },
  feed: FeedStore,
): ReadyMessage {
  return {
    type: "ready",
    version: VERSION,
    pid: Deno.pid,
    port: server.port,
    url: server.url,
    ws: server.ws,
    token: config.token,
    database: config.database,
    feed: feed.feed,
    seq: feed.position().seq,
  };
}

function transientEvent(told: Transient, nowMs: number): TransientEvent {
  return { type: "event", at: new Date(nowMs).toISOString(), topics: ["sync"], ...told };
}

/**
 * What `run` and `sync` show while they work: on a terminal one calm line of state with warnings above it, elsewhere
 * plain log lines. Never private content.
 */
import type { App, Happening } from "../app/app.ts";
import type { Config } from "../config.ts";
import type { SyncState } from "../model/events.ts";
import type { Cancel, Clock } from "../platform/clock.ts";
import type { Log } from "../platform/log.ts";
import { dashboardAddress } from "./browser.ts";
import type { Io } from "./io.ts";
import { clipped, importLine, liveLine, passText } from "./state_line.ts";
import { StatusLine } from "./status_line.ts";
import { servingText } from "./welcome.ts";
import { viewLog, widthOf } from "./view_log.ts";
import { duration, folded, grouped } from "./words.ts";

/** Counting costs a query each: not more often than this after changes … */
const REFRESH_MS = 500;
/** … and for the clients alone, who come and go unannounced. */
const IDLE_REFRESH_MS = 15_000;

const STATE_WORDS: Readonly<Record<SyncState, string>> = {
  starting: "Starting",
  importing: "Importing",
  live: "Live",
  needs_permission: "Waiting for permission to read Messages",
  source_missing: "Waiting for Messages' database",
  failed: "Not syncing",
};

const CANNOT_GO_ON: readonly SyncState[] = ["needs_permission", "source_missing", "failed"];

const STEP_WORDS = {
  messages: "Looking for changes in Messages",
  contacts: "Syncing contacts",
  conversations: "Grouping messages into conversations",
} as const;

/** Where there is no terminal: a long import says so often how far it is. */
const LOG_PROGRESS_MS = 10_000;

export class RunView implements Disposable {
  readonly log: Log;
  readonly #line: StatusLine | null;
  #app: Pick<App, "ready" | "status"> | null = null;
  #isOver = false;
  #state: SyncState = "starting";
  #reason = "";
  /** What waits for {@link serving} to be told; null: nothing has to wait. */
  #held: string[] | null = null;
  #import: { startedAt: number; doneBefore: number; done: number; total: number } | null = null;
  /** What waits for the end of the import's bar. */
  readonly #afterImport: string[] = [];
  /** What `sync` is at. */
  #step: string | null = null;
  #loggedAt: number | null = null;
  #last: { at: Date; what: string } | null = null;
  #refresh: { readonly cancel: Cancel; readonly at: number } | null = null;

  /** `quiet`: for `demo`, which says what is ordinary in its own words; `once`: for a command that tells its failure. */
  constructor(
    private readonly io: Io,
    private readonly clock: Clock,
    config: Config,
    private readonly kind: "plain" | "quiet" | "once" = "plain",
  ) {
    const calm = io.errIsTerminal && config.logFormat === "text" && !config.sidecar;
    this.#line = calm ? new StatusLine(io) : null;
    this.log = viewLog(io, clock, config, {
      calm,
      kind,
      write: (text) => this.#line ? this.#tell(text) : io.err(text),
    });
  }

  /** {@link serving} will follow in a moment: what is wrong is told below the words that it shows. */
  starting(): void {
    this.#held = [];
  }

  /** Nothing to show yet but that somebody else is at it. */
  waiting(text: string): void {
    if (this.#line) this.#line.show(clipped(`${text} …`, this.io.columns()));
    else this.log.info(text);
  }

  /**
   * From now on the line can tell counts; `words` stand above it, made from the version and the dashboard's address.
   */
  serving(
    app: Pick<App, "ready" | "status">,
    words: (version: string, address: string) => string = servingText,
  ): void {
    this.#app = app;
    const { url, version } = app.ready;
    if (this.#line) {
      this.#line.print(words(version, dashboardAddress(app.ready)));
      this.#release();
    } else {
      this.log.info("serving", { url, version });
    }
    this.#draw();
  }

  observe(happening: Happening): void {
    if (this.#isOver) return;
    if (!this.#line) return this.#logProgress(happening);
    switch (happening.kind) {
      case "state":
        return this.#enter(happening.state, happening.reason, happening.hint);
      case "import":
        return this.#progress(happening.done, happening.total, happening.completed);
      case "step":
        this.#step = STEP_WORDS[happening.step];
        return this.#draw();
      case "sync":
        this.#last = { at: new Date(this.clock.now()), what: passText(happening.summary) };
        return this.#drawSoon(REFRESH_MS);
    }
  }

  /** To be called before the app closes its database: nothing asks for counts from now on. */
  stopping(): void {
    this.#end();
    this.#line?.show(clipped("Stopping …", this.io.columns()));
  }

  /** Takes the line away for good; what is logged later still comes out. */
  [Symbol.dispose](): void {
    this.#end();
    this.#dropImport();
    this.#release();
    this.#line?.hide();
  }

  #end(): void {
    this.#isOver = true;
    this.#refresh?.cancel();
    this.#refresh = null;
    this.#app = null;
  }

  #enter(state: SyncState, reason: string, hint: string): void {
    const isNews = state !== this.#state || reason !== this.#reason;
    this.#state = state;
    this.#reason = reason;
    const troubled = CANNOT_GO_ON.includes(state);
    if (troubled) this.#dropImport();
    // A command that is over with its failure tells it itself.
    if (troubled && isNews && this.kind !== "once") {
      const why = [reason, hint].filter((part) => part !== "").map((part) => part.replace(/[^.]$/, "$&."))
        .join(" ");
      this.#tell(folded(`${STATE_WORDS[state]}. ${why}`.trim(), "", widthOf(this.io)) + "\n");
    }
    this.#draw();
  }

  /** Above the line of state; held back while there is something that it would tear apart. */
  #tell(lines: string): void {
    if (this.#held) this.#held.push(lines);
    else if (this.#import) this.#afterImport.push(lines);
    else this.#line?.print(lines);
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const lines of held) this.#line?.print(lines);
  }

  #progress(done: number, total: number, completed: boolean): void {
    const now = this.clock.monotonic();
    this.#import ??= { startedAt: now, doneBefore: done, done, total };
    this.#import.done = done;
    this.#import.total = total;
    if (completed) {
      const took = duration(now - this.#import.startedAt);
      this.#dropImport();
      if (this.kind !== "quiet") this.#line?.print(`Import finished (${took}).\n`);
    }
    this.#draw();
  }

  /** It is over, or stands still until what is in its way is gone. */
  #dropImport(): void {
    if (this.#import === null) return;
    this.#import = null;
    // Its bar goes first: what waited must not come out above it.
    this.#draw();
    for (const lines of this.#afterImport.splice(0)) this.#tell(lines);
  }

  /** Without a terminal: what is being done, and now and then how far it is. */
  #logProgress(happening: Happening): void {
    if (happening.kind === "step") this.log.info(STEP_WORDS[happening.step]);
    if (happening.kind !== "import" || this.kind === "quiet") return;
    const now = this.clock.monotonic();
    this.#loggedAt ??= now;
    if (happening.completed || now - this.#loggedAt < LOG_PROGRESS_MS) return;
    this.#loggedAt = now;
    this.log.info(`Importing: ${grouped(happening.done)} of ${grouped(happening.total)}`);
  }

  #drawSoon(delayMs: number): void {
    const at = this.clock.monotonic() + delayMs;
    if (this.#refresh && this.#refresh.at <= at) return;
    this.#refresh?.cancel();
    const cancel = this.clock.after(delayMs, () => {
      this.#refresh = null;
      this.#draw();
    });
    this.#refresh = { cancel, at };
  }

  #draw(): void {
    this.#line?.show(this.#text());
    if (this.#line && this.#app && this.#state === "live") this.#drawSoon(IDLE_REFRESH_MS);
  }

  #text(): string {
    const columns = this.io.columns();
    const isTroubled = CANNOT_GO_ON.includes(this.#state);
    if (this.#import && this.#state !== "live") {
      const elapsedMs = this.clock.monotonic() - this.#import.startedAt;
      return importLine({ ...this.#import, elapsedMs }, columns);
    }
    if (this.#step !== null && !isTroubled) return clipped(`${this.#step} …`, columns);
    if (this.#state !== "live" || !this.#app) return clipped(`${STATE_WORDS[this.#state]} …`, columns);
    const status = this.#app.status();
    return liveLine({
      messages: status.database.messages,
      chats: status.database.chats,
      clients: status.clients,
      last: this.#last,
      latencyMs: status.latency_ms.p50,
    }, columns);
  }
}

/**
 * What `run` and `sync` show while they work: on a terminal one calm line of state with warnings above it, elsewhere
 * plain log lines. Never private content.
 */
import type { App, Happening } from "../app.ts";
import type { Config } from "../config.ts";
import type { SyncState } from "../model/events.ts";
import { CANNOT_SYNC } from "../model/status.ts";
import type { Cancel, Clock } from "../platform/clock.ts";
import { createLog, type Log } from "../platform/log.ts";
import { dashboardAddress } from "./browser.ts";
import type { Io } from "./io.ts";
import { clipped, importLine, liveLine, passText } from "./state_line.ts";
import { StatusLine } from "./status_line.ts";
import { servingText } from "./welcome.ts";
import { duration, wrapped } from "./words.ts";

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
  #last: { at: Date; what: string } | null = null;
  #refresh: { readonly cancel: Cancel; readonly at: number } | null = null;

  /** `quiet`: for `demo`, which says what is ordinary in its own words. */
  constructor(
    private readonly io: Io,
    private readonly clock: Clock,
    config: Config,
    private readonly quiet: "quiet" | "plain" = "plain",
  ) {
    const calm = io.errIsTerminal && config.logFormat === "text" && !config.sidecar;
    this.#line = calm ? new StatusLine(io) : null;
    const log = createLog({
      // The line shows what the ordinary log says; whoever asks for more gets it.
      level: (calm || quiet === "quiet") && config.logLevel === "info" ? "warning" : config.logLevel,
      format: config.logFormat,
      write: (text) => this.#line ? this.#line.print(text) : io.err(text),
      clock,
    });
    // Told in sentences, by the change of state.
    const isTold = (message: string) => calm && config.logLevel === "info" && message === CANNOT_SYNC;
    this.log = {
      ...log,
      error: (message, fields) => isTold(message) ? undefined : log.error(message, fields),
    };
  }

  /** {@link serving} will follow in a moment: what is wrong is told below the words that it shows. */
  starting(): void {
    this.#held = [];
  }

  /** Nothing to show yet but that somebody else is at it. */
  waiting(text: string): void {
    if (this.#line) this.#line.show(clipped(text, this.io.columns()));
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
    if (!this.#line || this.#isOver) return;
    switch (happening.kind) {
      case "state":
        return this.#enter(happening.state, happening.reason, happening.hint);
      case "import":
        return this.#progress(happening.done, happening.total);
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
    const troubled = state === "needs_permission" || state === "source_missing" || state === "failed";
    if (troubled && isNews) {
      const why = [reason, hint].filter((part) => part !== "").map((part) => part.replace(/[^.]$/, "$&."))
        .join(" ");
      const width = Math.max(40, Math.min(this.io.columns(), 110));
      this.#tell(wrapped(`${STATE_WORDS[state]}. ${why}`.trim(), "", width) + "\n");
    }
    if (state !== "importing") this.#endImport();
    this.#draw();
  }

  #tell(lines: string): void {
    if (this.#held) this.#held.push(lines);
    else this.#line?.print(lines);
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const lines of held) this.#line?.print(lines);
  }

  #progress(done: number, total: number): void {
    const now = this.clock.monotonic();
    this.#import ??= { startedAt: now, doneBefore: done, done, total };
    this.#import.done = done;
    this.#import.total = total;
    // The last word of an import may come after the change of state.
    if (done >= total && this.#state !== "importing") this.#endImport();
    this.#draw();
  }

  #endImport(): void {
    const ended = this.#import;
    if (!ended) return;
    this.#import = null;
    const took = duration(this.clock.monotonic() - ended.startedAt);
    if (this.quiet === "plain") this.#line?.print(`Import finished after ${took}.\n`);
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
    if (this.#import) {
      const elapsedMs = this.clock.monotonic() - this.#import.startedAt;
      return importLine({ ...this.#import, elapsedMs }, columns);
    }
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

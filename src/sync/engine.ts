/**
 * Everything that reads Messages and writes our database, put together around one connection; what wakes it (files,
 * timers) and whom it tells are given by app.ts.
 */
import type { Transient } from "../model/events.ts";
import type { WireEvent } from "../model/feed.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/log.ts";
import type { Connection } from "../platform/sqlite.ts";
import { type Look, SourceLook } from "../source/look.ts";
import { MessagesDb } from "../source/messages_db.ts";
import { openChatStatsDatabase } from "../store/database.ts";
import { Outbox } from "../store/outbox.ts";
import { countPending, type DatabaseFacts, readDatabaseFacts } from "../store/queries/status.ts";
import { StateStore } from "../store/state.ts";
import { finishFirstPartInWorker } from "./import_in_worker.ts";
import { LatencyWindow } from "./latency.ts";
import { MessagesSync, type MessagesSyncOptions } from "./messages.ts";
import { SyncRunner } from "./runner.ts";

export interface EngineOptions extends MessagesSyncOptions {
  readonly database: string;
  readonly messagesDb: string;
  readonly home: string;
  /** A lock that lasts longer is told as a failure. Default 5,000 ms. */
  readonly busyLimitMs?: number;
}

/** How the engine hears and speaks. */
export interface EnginePorts {
  readonly next: (signal: AbortSignal) => Promise<string | null>;
  readonly pull: (reason: string) => void;
  readonly committed: (events: readonly WireEvent[]) => void;
  readonly resync: () => void;
  readonly tell: (told: Transient) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly probe: (label: string) => void;
}

const PRUNE_SLICE = 5_000;

export class Engine {
  readonly outbox: Outbox;
  readonly runner: SyncRunner;
  readonly latency = new LatencyWindow();
  readonly #db: Connection;
  readonly #source: MessagesDb;
  readonly #look: SourceLook;
  readonly #ports: EnginePorts;
  readonly #stopFinish = new AbortController();
  /** Last change of the source's files that a look saw and no events have followed yet, milliseconds since 1970. */
  #movedMs: number | null = null;

  /** Opens (makes, migrates) the database. Throws what {@link openChatStatsDatabase} throws. */
  constructor(options: EngineOptions, ports: EnginePorts) {
    this.#ports = ports;
    this.#db = openChatStatsDatabase(options.database, {
      randomUuid: () => crypto.randomUUID(),
      probe: ports.probe,
    });
    this.outbox = new Outbox(this.#db);
    this.#source = new MessagesDb(this.#db, options.messagesDb);
    this.#look = new SourceLook(this.#source);
    const context = {
      db: this.#db,
      source: this.#source,
      outbox: this.outbox,
      state: new StateStore(this.#db),
      home: options.home,
      probe: ports.probe,
    };
    const messages = new MessagesSync(context, options);
    this.runner = new SyncRunner({
      messages,
      source: this.#source,
      look: () => this.look(),
      next: ports.next,
      pull: ports.pull,
      finishFirstPart: () => finishFirstPartInWorker(options.database, this.#stopFinish.signal),
      pending: () => countPending(this.#db),
      committed: (events) => this.#committed(events),
      resync: ports.resync,
      tell: ports.tell,
      clock: ports.clock,
      log: ports.log,
      probe: ports.probe,
      busyLimitMs: options.busyLimitMs ?? 5_000,
    });
  }

  /** Whether the source moved since the last look. Throws what stat and SQLite throw. */
  look(): Look {
    const seen = this.#look.look();
    if (seen.kind === "moved") this.#movedMs ??= seen.modifiedMs;
    return seen;
  }

  facts(): DatabaseFacts {
    return readDatabaseFacts(this.#db);
  }

  /** Takes old events away, a slice at a time; call it between steps. Gives whether there is more. */
  prune(): boolean {
    return this.#db.transaction(() => this.outbox.prune(this.#ports.clock.now(), PRUNE_SLICE)) ===
      PRUNE_SLICE;
  }

  /** Ends the finishing of an import's first part under way; it begins anew at the next start. */
  stopFinish(): void {
    this.#stopFinish.abort();
  }

  close(): void {
    this.#source.detach();
    this.#db.close();
  }

  #committed(events: readonly WireEvent[]): void {
    if (events.length > 0) this.#ports.committed(events);
    if (this.#movedMs !== null && events.length > 0) {
      this.latency.add(Math.max(0, this.#ports.clock.now() - this.#movedMs));
    }
    this.#movedMs = null;
  }
}

/**
 * Everything that reads Messages and writes our database, put together around one connection; what wakes it (files,
 * timers) and whom it tells are given by app/app.ts.
 */
import type { Transient } from "../model/events.ts";
import type { WireEvent } from "../model/feed.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/log.ts";
import type { Connection } from "../sqlite/sqlite.ts";
import { type Look, SourceLook } from "../source/look.ts";
import { MessagesDb } from "../source/messages_db.ts";
import { Outbox } from "../store/outbox.ts";
import { OwnFile } from "../store/own_file.ts";
import { countPending, type DatabaseFacts, readDatabaseFacts } from "../store/queries/status.ts";
import { STATE_KEYS, StateStore } from "../store/state.ts";
import { tidyWal } from "../store/tidy_wal.ts";
import { explain } from "./failure_attribution.ts";
import { ContactsEngine } from "./contacts/contacts_engine.ts";
import { ConversationWalker } from "./conversations/walker.ts";
import { IndexJob } from "./import/index_job.ts";
import { LatencyWindow } from "./latency.ts";
import { ChangeLog } from "./pass/change_log.ts";
import { MessagesSync, type MessagesSyncOptions } from "./pass/messages_sync.ts";
import { ComparisonLoop } from "./loops/comparison_loop.ts";
import { CatchUpLoop } from "./loops/catch_up_loop.ts";

export interface EngineOptions extends MessagesSyncOptions {
  readonly database: string;
  readonly messagesDb: string;
  readonly home: string;
  readonly addressbookDir: string;
  readonly contactsIntervalMs: number;
  readonly syncCooldownMs: number;
  /** What to do when the system does not let us read a source. */
  readonly permissionHint: string;
  /** A lock that lasts longer is told as a failure. Default 5,000 ms. */
  readonly busyLimitMs?: number;
}

/** How the engine hears and speaks. */
export interface EnginePorts {
  readonly next: (signal: AbortSignal) => Promise<string | null>;
  readonly pull: (reason: string) => void;
  /** The same for contacts. */
  readonly contacts: {
    readonly next: (signal: AbortSignal) => Promise<string | null>;
    readonly pull: (reason: string) => void;
  };
  readonly committed: (events: readonly WireEvent[]) => void;
  readonly resync: () => void;
  /** Whether a client has left that knows a position of the feed. */
  readonly clientsLeft?: () => boolean;
  readonly tell: (told: Transient) => void;
  readonly clock: Clock;
  readonly log: Log;
  /** Called at the named steps, where a test may cut the power. */
  readonly probe: ((label: string) => void) | undefined;
}

const PRUNE_SLICE = 5_000;
/** After a commit of Messages others are likely to follow. */
const RESTLESS_MS = 1_000;
/** While nothing is to be done, it is looked so often whether our files are still there. */
const OWN_FILE_EVERY_MS = 2_000;

export class Engine {
  readonly outbox: Outbox;
  readonly runner: CatchUpLoop;
  readonly contacts: ContactsEngine;
  readonly conversations: ConversationWalker;
  readonly comparisonLoop: ComparisonLoop;
  readonly latency = new LatencyWindow();
  readonly #db: Connection;
  readonly #ownFile: OwnFile;
  #ownFileSeenAt = -Infinity;
  readonly #source: MessagesDb;
  readonly #look: SourceLook;
  readonly #ports: EnginePorts;
  readonly #probe: (label: string) => void;
  readonly #finisher: IndexJob;
  readonly #stopFinish = new AbortController();
  /** Under way while the import's first part is being finished: nobody else may write. */
  #finishing: Promise<void> | null = null;
  /** Last change of the source's files that a look saw and no events have followed yet, milliseconds since 1970. */
  #movedMs: number | null = null;
  /** A look of this turn of the event loop that saw a commit: the catch-up that it starts need not look again. */
  #moved: Look | null = null;
  /** When a look saw a commit last, on the monotonic clock. */
  #movedAt = -Infinity;

  /** On our database, which is the engine's to close from then on. */
  constructor(db: Connection, options: EngineOptions, ports: EnginePorts) {
    this.#ports = ports;
    this.#probe = ports.probe ?? (() => {});
    this.#db = db;
    db.restrictAttach((path) => path === options.messagesDb);
    this.#finisher = new IndexJob(options.database, ports.probe);
    this.#ownFile = new OwnFile(options.database);
    this.outbox = new Outbox(this.#db);
    this.#source = new MessagesDb(this.#db, options.messagesDb, options.permissionHint);
    this.#look = new SourceLook(this.#source);
    const context = {
      db: this.#db,
      source: this.#source,
      outbox: this.outbox,
      state: new StateStore(this.#db),
      home: options.home,
      log: ports.log,
      probe: this.#probe,
    };
    const changeLog = new ChangeLog(this.#db);
    const messages = new MessagesSync(context, changeLog, {
      ...options,
      clientsLeft: ports.clientsLeft ?? (() => false),
    });
    this.contacts = new ContactsEngine({
      addressbookDir: options.addressbookDir,
      region: options.region,
      intervalMs: options.contactsIntervalMs,
      cooldownMs: options.syncCooldownMs,
      permissionHint: options.permissionHint,
    }, {
      ...ports.contacts,
      db: this.#db,
      outbox: this.outbox,
      state: context.state,
      changeLog,
      committed: (events) => {
        this.#checkOwnFile();
        if (events.length > 0) ports.committed(events);
      },
      resync: ports.resync,
      tell: ports.tell,
      alone: () => this.#finishing,
      clock: ports.clock,
      log: ports.log,
      probe: this.#probe,
    });
    this.conversations = new ConversationWalker({
      db: this.#db,
      conversations: messages.conversations,
      clock: ports.clock,
      restless: () => this.#isRestless(),
      log: ports.log,
      probe: this.#probe,
    });
    this.runner = new CatchUpLoop({
      messages,
      source: this.#source,
      look: () => this.#lookOfThisTurn(),
      next: ports.next,
      pull: ports.pull,
      buildIndexes: () => this.#buildIndexes(),
      explain: (error, rows) => explain(error, context, rows),
      shares: () => this.contacts.isInHurry,
      caughtUp: () => this.comparisonLoop.caughtUp(),
      pending: () => countPending(this.#db),
      committed: (events) => this.#committed(events),
      resync: () => {
        ports.resync();
        this.contacts.afterPass();
      },
      tell: (told) => this.#tell(told),
      clock: ports.clock,
      log: ports.log,
      probe: this.#probe,
      busyLimitMs: options.busyLimitMs ?? 5_000,
    });
    this.comparisonLoop = new ComparisonLoop({
      messages,
      ready: () => this.runner.state.state === "live",
      announce: (step) => this.runner.announce(step),
      clock: ports.clock,
      restless: () => this.#isRestless(),
      log: ports.log,
    });
  }

  /** Whether the source moved since the last look. Throws what stat and SQLite throw; FatalError `database_gone`. */
  look(): Look {
    if (this.#ports.clock.monotonic() - this.#ownFileSeenAt >= OWN_FILE_EVERY_MS) this.#checkOwnFile();
    const seen = this.#look.look();
    if (seen.kind === "moved") {
      this.#movedMs ??= seen.modifiedMs;
      this.#movedAt = this.#ports.clock.monotonic();
      this.#moved = seen;
      this.#ports.clock.soon(() => this.#moved = null);
    }
    return seen;
  }

  /** How often Messages' file was attached: what stands in the way is news again after each time. */
  get sourceGeneration(): number {
    return this.#source.generation;
  }

  /** Good for one catch-up: it may let the file go, and whoever comes next has to look for itself. */
  #lookOfThisTurn(): Look {
    const moved = this.#moved;
    this.#moved = null;
    return moved !== null && this.#source.attached ? moved : this.look();
  }

  /** Whether a look would see a commit. Never throws. */
  peek(): boolean {
    return this.#look.peek();
  }

  #isRestless(): boolean {
    return this.#ports.clock.monotonic() - this.#movedAt < RESTLESS_MS;
  }

  /** For queries alone; nothing may be written. */
  query<T>(read: (db: Connection) => T): T {
    return read(this.#db);
  }

  facts(): DatabaseFacts {
    return readDatabaseFacts(this.#db, this.#ports.clock.now());
  }

  /** Takes old events away, a slice at a time; call it between steps. Gives whether there is more. */
  prune(): boolean {
    const pruned = this.#db.transaction(() => {
      const count = this.outbox.prune(this.#ports.clock.now(), PRUNE_SLICE);
      this.#probe("prune.before_commit");
      return count;
    });
    this.#probe("prune.after_commit");
    if (pruned < PRUNE_SLICE) tidyWal(this.#db);
    return pruned === PRUNE_SLICE;
  }

  /**
   * Opens now what would be opened for writing later: to be awaited before the program gives its permission to write
   * away. Throws LiveSyncError `import_finish`.
   */
  async openAll(): Promise<void> {
    const phase = new StateStore(this.#db).get(STATE_KEYS.importPhase);
    if (phase === null || phase === "rows") await this.#finisher.open();
  }

  /** Ends what takes long: the finishing of an import's first part, which begins anew at the next start, and contacts. */
  async stopWork(): Promise<void> {
    this.contacts.stop();
    this.#stopFinish.abort();
    await this.#finisher.close();
  }

  close(): void {
    this.#source.detach();
    if (this.#ownFile.mayClose) this.#db.close();
  }

  async #buildIndexes(): Promise<void> {
    this.#finishing = this.#finisher.finish(this.#stopFinish.signal);
    try {
      await this.#finishing;
    } finally {
      this.#finishing = null;
    }
  }

  #tell(told: Transient): void {
    this.#ports.tell(told);
    if (told.event === "state.changed") this.contacts.begin();
    if (told.event === "state.changed" || told.event === "import.completed") this.conversations.begin();
    if (told.event === "import.progress") this.contacts.duringImport();
    if (told.event === "import.completed") this.contacts.messagesImported();
  }

  #checkOwnFile(): void {
    this.#ownFileSeenAt = this.#ports.clock.monotonic();
    this.#ownFile.check();
  }

  /** Nothing is told of a commit that went into a file that nobody can see. */
  #committed(events: readonly WireEvent[]): void {
    this.#checkOwnFile();
    if (events.length > 0) this.#ports.committed(events);
    if (this.#movedMs !== null && events.length > 0) {
      this.latency.add(Math.max(0, this.#ports.clock.now() - this.#movedMs));
    }
    this.#movedMs = null;
    if (events.length > 0) this.contacts.afterPass();
  }
}

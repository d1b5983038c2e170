/**
 * Everything that reads Messages and writes our database, put together around one connection; what wakes it (files,
 * timers) and whom it tells are given by app/.
 */
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/log.ts";
import type { Connection } from "../sqlite/sqlite.ts";
import { MessagesDb } from "../source/messages_db.ts";
import { Outbox } from "../store/outbox.ts";
import { OwnFile } from "../store/own_file.ts";
import { type DatabaseFacts, readDatabaseFacts } from "../store/queries/status.ts";
import { STATE_KEYS, StateStore } from "../store/state.ts";
import { tidyWal } from "../store/tidy_wal.ts";
import { ContactsLoop, type ContactsOptions, type ContactsParts } from "./contacts/contacts_loop.ts";
import { ConversationLoop } from "./conversations/conversation_loop.ts";
import type { EventSink } from "./event_sink.ts";
import { IndexJob } from "./import/index_job.ts";
import { Announcer } from "./loops/announcer.ts";
import { CatchUpLoop, type CatchUpParts } from "./loops/catch_up_loop.ts";
import { ComparisonLoop } from "./loops/comparison_loop.ts";
import type { Loop } from "./loops/supervisor.ts";
import { SyncStateTracker } from "./loops/sync_state.ts";
import { SummaryReporter } from "./loops/sync_summary.ts";
import { OwnFileGuard } from "./own_file_guard.ts";
import { ChangeLog } from "./pass/change_log.ts";
import { MessagesSync, type MessagesSyncOptions } from "./pass/messages_sync.ts";
import type { PassContext } from "./pass/pass_plan.ts";
import { SourceWatcher } from "./source_watcher.ts";

export interface EngineOptions extends MessagesSyncOptions, ContactsOptions {
  readonly region: string | null;
  readonly database: string;
  readonly messagesDb: string;
  readonly home: string;
  /** A lock that lasts longer is told as a failure. Default 5,000 ms. */
  readonly busyLimitMs?: number;
}

/** How the engine hears and speaks. */
export interface EnginePorts {
  readonly triggers: {
    readonly messages: CatchUpParts["trigger"];
    readonly contacts: ContactsParts["trigger"];
  };
  readonly sink: EventSink;
  readonly clock: Clock;
  readonly log: Log;
  /** Called at the named steps, where a test may cut the power. */
  readonly probe: ((label: string) => void) | undefined;
}

const PRUNE_SLICE = 5_000;

export class Engine {
  readonly outbox: Outbox;
  readonly catchUp: CatchUpLoop;
  readonly contacts: ContactsLoop;
  readonly conversations: ConversationLoop;
  readonly comparison: ComparisonLoop;
  readonly state: SyncStateTracker;
  readonly summary: SummaryReporter;
  readonly watcher: SourceWatcher;
  readonly #context: PassContext;
  readonly #ownFile: OwnFile;
  readonly #clock: Clock;
  readonly #indexJob: IndexJob;

  /** On our database, which is the engine's to close from then on. */
  constructor(db: Connection, options: EngineOptions, ports: EnginePorts) {
    const { clock, log, sink, triggers } = ports;
    const probe = ports.probe ?? (() => {});
    this.#clock = clock;
    db.restrictAttach((path) => path === options.messagesDb);
    this.outbox = new Outbox(db);
    this.#context = contextOf(db, this.outbox, options, { log, probe });
    const context = this.#context;
    this.#indexJob = new IndexJob(options.database, ports.probe);
    this.#ownFile = new OwnFile(options.database);
    const ownFile = new OwnFileGuard(this.#ownFile, clock);
    this.watcher = new SourceWatcher(context.source, ownFile, clock);
    const changeLog = new ChangeLog(db);
    const messages = new MessagesSync(context, changeLog, {
      ...options,
      clientsLeft: () => sink.clientsLeft(),
    });
    this.state = new SyncStateTracker(sink, log);
    this.summary = new SummaryReporter({ sink, clock, log });
    const common = { clock, log, probe, sink, watcher: this.watcher, ownFile, indexJob: this.#indexJob };
    const { state, outbox } = context;
    this.contacts = new ContactsLoop(options, {
      ...common,
      db,
      outbox,
      state,
      changeLog,
      trigger: triggers.contacts,
    });
    this.conversations = new ConversationLoop({ ...common, db, conversations: messages.conversations });
    const parts = { ...common, context, messages, state: this.state, summary: this.summary };
    const { contacts, conversations } = this;
    const announcer = new Announcer({ ...parts, contacts, conversations });
    this.comparison = new ComparisonLoop({ ...parts, announcer });
    this.catchUp = new CatchUpLoop({
      ...parts,
      announcer,
      contacts,
      conversations,
      comparison: this.comparison,
      trigger: triggers.messages,
      busyLimitMs: options.busyLimitMs ?? 5_000,
    });
  }

  /** In the order in which they begin. */
  get loops(): readonly Loop[] {
    return [
      { name: "messages", run: (signal) => this.catchUp.run(signal) },
      { name: "contacts", run: (signal) => this.contacts.run(signal) },
      { name: "conversations", run: (signal) => this.conversations.run(signal) },
      { name: "comparison", run: (signal) => this.comparison.run(signal) },
    ];
  }

  /** How often Messages' file was attached: what stands in the way is news again after each time. */
  get sourceGeneration(): number {
    return this.#context.source.generation;
  }

  /** For queries alone; nothing may be written. */
  query<T>(read: (db: Connection) => T): T {
    return read(this.#context.db);
  }

  facts(): DatabaseFacts {
    return readDatabaseFacts(this.#context.db, this.#clock.now());
  }

  /** Takes old events away, a slice at a time; call it between steps. Gives whether there is more. */
  prune(): boolean {
    const { db, probe } = this.#context;
    const pruned = db.transaction(() => {
      const count = this.outbox.prune(this.#clock.now(), PRUNE_SLICE);
      probe("prune.before_commit");
      return count;
    });
    probe("prune.after_commit");
    if (pruned < PRUNE_SLICE) tidyWal(db);
    return pruned === PRUNE_SLICE;
  }

  /**
   * Opens now what would be opened for writing later: to be awaited before the program gives its permission to write
   * away. Throws LiveSyncError `import_finish`.
   */
  async openAll(): Promise<void> {
    const phase = this.#context.state.get(STATE_KEYS.importPhase);
    if (phase === null || phase === "rows") await this.#indexJob.open();
  }

  /** Ends what takes long: the finishing of an import's first part, which begins anew at the next start, and contacts. */
  async stopWork(): Promise<void> {
    this.contacts.stop();
    await this.#indexJob.stop();
  }

  close(): void {
    const { db, source } = this.#context;
    source.detach();
    if (this.#ownFile.mayClose) db.close();
  }
}

function contextOf(
  db: Connection,
  outbox: Outbox,
  { messagesDb, permissionHint, home }: EngineOptions,
  { log, probe }: Pick<PassContext, "log" | "probe">,
): PassContext {
  return {
    db,
    source: new MessagesDb(db, messagesDb, permissionHint),
    outbox,
    state: new StateStore(db),
    home,
    log,
    probe,
  };
}

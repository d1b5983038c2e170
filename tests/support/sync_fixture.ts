/**
 * A simulated Messages app and our database in one folder, synced step by step: what the tests of `sync/` stand on.
 * Real SQLite files throughout; only the clock is ours.
 */
import * as v from "valibot";
import { openChatDatabase, type Origin, type Release } from "../../src/simulator/chat_database.ts";
import { silentLog } from "../../src/platform/log.ts";
import { MessagesApp } from "../../src/simulator/messages_app.ts";
import { SeededRandom } from "../../src/simulator/random.ts";
import type { Connection, Row } from "../../src/sqlite/sqlite.ts";
import { walChanges } from "../../src/app/wal_changes.ts";
import { MessagesDb } from "../../src/source/messages_db.ts";
import { type FileIdentity, inspectSource, sameFile } from "../../src/source/source_files.ts";
import type { FeedPosition } from "../../src/model/feed.ts";
import { openChatStatsDatabase, openForReading } from "../../src/store/database.ts";
import { Outbox } from "../../src/store/outbox.ts";
import { StateStore } from "../../src/store/state.ts";
import { openForFinishing } from "../../src/store/deferred_indexes.ts";
import { buildIndexes } from "../../src/sync/import/index_builder.ts";
import { ChangeLog } from "../../src/sync/pass/change_log.ts";
import { MessagesSync, type MessagesSyncOptions } from "../../src/sync/pass/messages_sync.ts";
import { FakeClock } from "./fake_clock.ts";

/** An event as it stands in the outbox. */
export const HeardEventShape = v.looseObject({
  seq: v.number(),
  event: v.string(),
  topics: v.array(v.string()),
  data: v.record(v.string(), v.any()),
});
export type HeardEvent = v.InferOutput<typeof HeardEventShape>;

export interface Synced {
  readonly events: readonly HeardEvent[];
  readonly resync: boolean;
  readonly steps: number;
}

export interface SyncFixtureOptions extends Partial<MessagesSyncOptions> {
  /** Default `macos15`. */
  readonly release?: Release;
  /** Default `fresh`. */
  readonly origin?: Origin;
  readonly seed?: number;
  /** Use this folder instead of a new one, and the databases that are in it; it stays. */
  readonly folder?: string;
  /** Stands between the sync and our database. */
  readonly through?: (db: Connection) => Connection;
  /** Called at the named steps of a pass; what it throws ends the step as a kill would. */
  readonly probe?: (label: string) => void;
}

export class SyncFixture implements Disposable {
  readonly folder: string;
  readonly clock = new FakeClock();
  chatDb: string;
  readonly database: string;
  readonly #options: SyncFixtureOptions;
  #db: Connection;
  #sync: MessagesSync;
  #source: MessagesDb;
  readonly #random: SeededRandom;
  #app: MessagesApp;
  #appClosed = false;
  #released = false;

  constructor(options: SyncFixtureOptions = {}) {
    this.#options = options;
    this.folder = options.folder ?? Deno.makeTempDirSync({ prefix: "chatstats-test-" });
    this.chatDb = `${this.folder}/chat.db`;
    this.database = `${this.folder}/chatstats.db`;
    const chat = openChatDatabase(this.chatDb, {
      release: options.release ?? "macos15",
      origin: options.origin ?? "fresh",
      // No power is cut here; waiting for the disk at each commit is most of the time a test takes.
      synchronous: "normal",
    });
    this.#random = new SeededRandom(options.seed ?? 1);
    this.#app = new MessagesApp(chat, { clock: this.clock, random: this.#random });
    [this.#db, this.#source, this.#sync] = this.#open();
  }

  get app(): MessagesApp {
    return this.#app;
  }
  get db(): Connection {
    return this.#db;
  }
  /** Whether our side has the source open. */
  get attached(): boolean {
    return this.#source.attached;
  }
  get messages(): MessagesSync {
    return this.#sync;
  }
  get outbox(): Outbox {
    return new Outbox(this.#db);
  }

  #open(): [Connection, MessagesDb, MessagesSync] {
    const ours = openChatStatsDatabase(this.database, { randomUuid: () => crypto.randomUUID() });
    const db = this.#options.through?.(ours) ?? ours;
    const source = new MessagesDb(db, this.chatDb);
    const context = {
      db,
      source,
      outbox: new Outbox(db),
      state: new StateStore(db),
      home: "/Users/jane",
      log: silentLog,
      probe: this.#options.probe ?? (() => {}),
    };
    return [
      db,
      source,
      new MessagesSync(context, new ChangeLog(db), {
        region: "US",
        changes: walChanges(this.chatDb),
        ...this.#options,
      }),
    ];
  }

  /** The simulated Messages app closes its connection; nothing can be written through it any more. */
  quitApp(): void {
    if (!this.#appClosed) this.app.db.close();
    this.#appClosed = true;
  }

  /** Messages starts again, over whatever file is at its path now; its GUIDs go on. */
  startApp(): void {
    this.quitApp();
    const chat = openChatDatabase(`${this.folder}/chat.db`, {
      release: this.#options.release ?? "macos15",
      synchronous: "normal",
    });
    this.#app = new MessagesApp(chat, { clock: this.clock, random: this.#random });
    this.#appClosed = false;
  }

  /** Syncs from another chat.db than the one of this fixture's own app. */
  readFrom(chatDb: string): void {
    this.chatDb = chatDb;
    this.restart();
  }

  /** Closes our side, so that another process can have the database; `restart` takes it back. */
  release(): void {
    this.#source.detach();
    this.#db.close();
    this.#released = true;
  }

  /** Position of the feed while another process has the database. */
  peekFeed(): FeedPosition {
    using db = openForReading(this.database);
    return new Outbox(db).position();
  }

  /** Closes our side and opens it again, as a new start of the program does. */
  restart(): void {
    if (!this.#released) this.release();
    this.#released = false;
    [this.#db, this.#source, this.#sync] = this.#open();
  }

  /** Begins anew without having closed: what a kill leaves is what the new start finds. */
  crash(): void {
    const [db, source] = [this.#db, this.#source];
    [this.#db, this.#source, this.#sync] = this.#open();
    source.detach();
    db.close();
  }

  attach(): "first" | "same" | "replaced" {
    return this.#sync.attach(this.#there());
  }

  /** Attaches where nothing is attached, or another file than the one at the path. */
  attachIfNeeded(): void {
    const { identity } = this.#source;
    if (identity === null || !sameFile(identity, this.#there())) this.attach();
  }

  #there(): FileIdentity {
    const seen = inspectSource(this.chatDb);
    if (seen.kind !== "present") throw new Error(`chat.db is ${seen.kind}`);
    return seen.file.identity;
  }

  /** What the passes that a commit starts tell, until none has more to do. */
  committed(): HeardEvent[] {
    const events: HeardEvent[] = [];
    for (let steps = 0; steps < 200; steps++) {
      const step = this.step(5_000, { reason: "commit", thorough: false });
      events.push(...step.events);
      if (!step.more) return events;
    }
    throw new Error("The passes do not come to an end");
  }

  /** One step, indexes built when the import asks for it; by default one that somebody asked for. */
  step(
    sliceRows = 5_000,
    { reason = "test", thorough = true } = {},
  ): { more: boolean; resync: boolean; events: HeardEvent[] } {
    this.attachIfNeeded();
    const step = this.#sync.step(sliceRows, reason, this.clock.now(), thorough);
    if (step.kind === "build_indexes") {
      using own = openForFinishing(this.database);
      buildIndexes(own, this.clock.now());
    }
    if (step.importCompleted) this.#sync.importTold();
    const events = step.events.map((event) => v.parse(HeardEventShape, JSON.parse(event.json)));
    return { more: step.more, resync: step.resync, events };
  }

  /** Steps until nothing is left. */
  sync(sliceRows = 5_000): Synced {
    const events: HeardEvent[] = [];
    let resync = false;
    for (let steps = 1;; steps++) {
      const step = this.step(sliceRows);
      events.push(...step.events);
      resync ||= step.resync;
      if (!step.more) return { events, resync, steps };
    }
  }

  /** The walk that compares everything, to its end; one is begun where none is under way. */
  reconcile(): HeardEvent[] {
    this.attachIfNeeded();
    this.#sync.comparison.begin(false);
    const events: HeardEvent[] = [];
    while (true) {
      const step = this.#sync.compareStep(this.clock.now());
      if (step === null) return events;
      events.push(...step.events.map((event) => v.parse(HeardEventShape, JSON.parse(event.json))));
    }
  }

  rows(sql: string): Row[] {
    return this.#db.prepare(sql).all().map((row) => ({ ...row }));
  }
  /** First column of each row. */
  column(sql: string): unknown[] {
    return this.rows(sql).map((row) => Object.values(row)[0]);
  }

  [Symbol.dispose](): void {
    if (!this.#released) this.release();
    this.quitApp();
    if (this.#options.folder === undefined) Deno.removeSync(this.folder, { recursive: true });
  }
}

export function names(events: readonly HeardEvent[]): string[] {
  return events.map((event) => event.event);
}

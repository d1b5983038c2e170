/**
 * One chat.db and one database of ours through many kills: sidecars that end at a named step or are killed, a client
 * that resumes with `after` each time, and at the end the judgement.
 */
import { deepEqual, ok } from "node:assert/strict";
import { openChatDatabase } from "../../../src/simulator/chat_database.ts";
import { populate } from "../../../src/simulator/populate.ts";
import { logicalContent } from "../../support/logical_content.ts";
import { type Line, Sidecar } from "../../support/sidecar.ts";
import { childArgs, type ChildOptions } from "../../support/sidecar_child.ts";
import { SyncFixture } from "../../support/sync_fixture.ts";

const JANE = "+15550100001";
const CHAT = `iMessage;-;${JANE}`;

/** Where and how a sidecar ends itself. */
export type Cut = Pick<ChildOptions, "label" | "nth" | "hurry">;

export class Run implements Disposable {
  readonly fixture = new SyncFixture();
  readonly heard: Line[] = [];
  /** Events up to this one were there before anybody listened. */
  #since = 0;
  #appRuns = true;
  /** Until the client knows that the import ended. */
  #mayHearResync = false;
  #n = 0;

  private constructor() {}

  /** A synced database with one chat. */
  static live(): Run {
    const run = new Run();
    run.fixture.app.createChat({ address: JANE });
    run.fixture.sync();
    run.fixture.release();
    return run;
  }

  /** So many messages to import, and no database of ours yet. */
  static beforeImport(messages: number, seed: number): Run {
    const run = new Run();
    run.#mayHearResync = true;
    populate(run.fixture.app.db, { messages, chats: 20, seed });
    run.fixture.app.createChat({ address: JANE });
    run.fixture.release();
    Deno.removeSync(run.fixture.database);
    return run;
  }

  start(cut: Cut = {}): Sidecar {
    const { database, chatDb } = this.fixture;
    return new Sidecar(childArgs({ database, messagesDb: chatDb, deferIndexesAbove: 1_000, ...cut }));
  }

  /** Writes a few commits of different kinds; each makes stored events. */
  write(): void {
    const { app } = this.fixture;
    const { guid } = app.message({ chat: CHAT, from: JANE, text: `message ${this.#n++}` });
    app.tapback({ target: guid, kind: "like" });
    app.message({ chat: CHAT, attachments: [{ name: "cat.heic" }] });
  }

  /** Asks for everything after what was heard, and hears until it is subscribed. */
  async resume(sidecar: Sidecar): Promise<void> {
    await sidecar.until((lines) => lines.length > 0);
    const feed = sidecar.lines[0]?.["feed"];
    await sidecar.send({ type: "subscribe", topics: ["*"], after: this.lastSeq, feed });
    await sidecar.until((lines) => lines.some((line) => line.type === "subscribed"));
  }

  /**
   * Takes over what a sidecar said, as far as the numbers follow one another: live events may overtake the replay, and
   * behind a gap that a kill left in it the client must not go on. What came again is taken over twice, for the
   * judgement. At a `resync` the client throws away what it has, also what came live on the same connection before,
   * and goes on from there.
   */
  hear(sidecar: Sidecar): void {
    const resync = sidecar.lines.findLast((line) => line.type === "resync");
    if (resync !== undefined) {
      ok(this.#mayHearResync, "a client that knows the end of the import need not read anew");
      this.heard.length = 0;
      this.#since = resync.seq ?? NaN;
    }
    const since = resync === undefined ? 0 : sidecar.lines.lastIndexOf(resync) + 1;
    const said = sidecar.stored(since).toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
    for (const line of said) {
      if ((line.seq ?? 0) > this.lastSeq + 1) break;
      this.heard.push(line);
    }
    if (resync !== undefined || this.heard.length > 0) this.#mayHearResync = false;
  }

  get lastSeq(): number {
    return this.heard.at(-1)?.seq ?? this.#since;
  }

  /** So many events as if they had been told long ago, to have something to prune. */
  seedOldEvents(count: number): void {
    this.fixture.restart();
    this.fixture.db.prepare(
      `WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :count)
       INSERT INTO sync_events (at, event, topics, data) SELECT 1, 'chat.updated', '[]', '{}' FROM n`,
    ).run({ count });
    this.fixture.release();
    this.#since = this.fixture.peekFeed().seq;
  }

  /** Another file takes the place of chat.db: the same messages at other ROWIDs. Nobody writes to it any more. */
  replaceSource(): void {
    this.fixture.quitApp();
    this.#appRuns = false;
    const { chatDb } = this.fixture;
    Deno.copyFileSync(chatDb, `${chatDb}.new`);
    {
      using db = openChatDatabase(`${chatDb}.new`, { release: "macos15" });
      db.exec(`PRAGMA foreign_keys = OFF;
               UPDATE message SET ROWID = ROWID + 1000;
               UPDATE chat_message_join SET message_id = message_id + 1000;
               UPDATE message_attachment_join SET message_id = message_id + 1000`);
    }
    Deno.renameSync(`${chatDb}.new`, chatDb);
  }

  /** Column of the database while no sidecar has it. */
  column(sql: string): unknown[] {
    this.fixture.restart();
    try {
      return this.fixture.column(sql);
    } finally {
      this.fixture.release();
    }
  }

  /**
   * After all kills a last sidecar brings everything up to date. Then the client has every event once, and the
   * database is what a fresh import of the same chat.db gives.
   */
  async judge(): Promise<void> {
    const last = this.start();
    await this.resume(last);
    await sync(last, 1);
    if (this.#appRuns) {
      this.write();
      await sync(last, 2);
    }
    const { seq } = this.fixture.peekFeed();
    await last.until((lines) => this.lastSeq >= seq || lines.some((line) => line.seq === seq));
    await last.endInput();
    await last.gone();
    this.hear(last);
    this.fixture.restart();
    const stored = this.fixture.column(`SELECT seq FROM sync_events WHERE seq > ${this.#since} ORDER BY seq`);
    deepEqual(compare(this.heard.map((line) => line.seq), stored), { missing: [], doubled: [], unasked: [] });
    ok(stored.length > 0);
    deepEqual(this.fixture.column("PRAGMA main.quick_check"), ["ok"]);
    deepEqual(this.fixture.rows("PRAGMA main.foreign_key_check"), []);
    using fresh = new SyncFixture();
    fresh.readFrom(this.fixture.chatDb);
    fresh.sync();
    deepEqual(logicalContent(this.fixture.db), logicalContent(fresh.db));
  }

  [Symbol.dispose](): void {
    this.fixture[Symbol.dispose]();
  }
}

/** Positions that were not heard, that were heard again, and that nobody had to tell. */
function compare(heard: readonly unknown[], stored: readonly unknown[]) {
  return {
    missing: [...new Set(stored).difference(new Set(heard))],
    doubled: heard.filter((seq, i) => heard.indexOf(seq) !== i),
    unasked: [...new Set(heard).difference(new Set(stored))],
  };
}

export async function sync(sidecar: Sidecar, nth: number): Promise<void> {
  await sidecar.send({ type: "sync" });
  await sidecar.until((lines) => lines.filter((line) => line.type === "synced").length === nth);
}

/** Lets the event loop have a turn: pipes are read, exits seen. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

export async function isGone(sidecar: Sidecar): Promise<boolean> {
  return await Promise.race([sidecar.exited.then(() => true), turn().then(() => false)]);
}

/**
 * A long life in short: the program in one process, Messages in another, clients here, and everything that happens to
 * them in an hour or a week. The figures are those of the program's process.
 */
import { openChatDatabase } from "../../../src/simulator/chat_database.ts";
import {
  type MessagesProcess,
  ownExecutable,
  startMessagesProcess,
} from "../../../src/simulator/messages_process.ts";
import { SocketClient } from "../../notify/support/socket_client.ts";
import { silentSocket } from "../../notify/support/raw_http.ts";
import { type Line, Sidecar } from "../../support/sidecar.ts";
import { childArgs } from "../../support/sidecar_child.ts";
import { until } from "../../support/until.ts";
import { SyncFixture } from "../../support/sync_fixture.ts";
import { type ProcessSample, sampleProcess } from "./process_sample.ts";

const JANE = "+15550100001";
const HOUR_MS = 3_600_000;
/** The last one makes everything so far older than the feed keeps. */
const WALL_JUMPS_MS = [2 * HOUR_MS, -HOUR_MS, 5 * 60_000, 8 * 24 * HOUR_MS];
/** So many that the feed's end is reached. */
const OLD_EVENTS = 100_000;

/**
 * Without these, what is seen is V8's habits: it doubles its young generation, from 2 MB to 64, each time that much
 * survives, and gives nothing back (RSS 125 → 165 MB in three minutes of this test, and then no more), and it lets old
 * garbage lie until there is much of it (RSS up and down between 100 and 160 MB). What lives, after a collection, was
 * 11.5 MB from beginning to end. So the young generation is held small, and garbage is collected every second.
 */
const V8_FLAGS = "--v8-flags=--max-semi-space-size=2,--expose-gc";
const COLLECT_EVERY_MS = 1_000;

export class Life implements AsyncDisposable {
  readonly fixture = new SyncFixture();
  readonly samples: ProcessSample[] = [];
  largestWalBytes = 0;
  readonly #seeded: number;
  readonly #sidecar: Sidecar;
  #writer: MessagesProcess;
  #ready: Line | null = null;
  #chats: string[] = [];
  #seed = 100;
  #round = 0;

  constructor() {
    // A day old: they may go after the last jump of the clock, not before.
    this.fixture.db.prepare(
      `WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :count)
       INSERT INTO sync_events (at, event, topics, data) SELECT :at, 'chat.updated', '[]', '{}' FROM n`,
    ).run({ count: OLD_EVENTS, at: Date.now() - 24 * HOUR_MS });
    this.#seeded = this.fixture.outbox.position().seq;
    this.fixture.app.createChat({ address: JANE });
    this.fixture.sync();
    this.fixture.release();
    this.fixture.quitApp();
    const { database, chatDb } = this.fixture;
    this.#sidecar = new Sidecar([
      V8_FLAGS,
      ...childArgs({
        database,
        messagesDb: chatDb,
        hurry: 360,
        wallJumpsMs: WALL_JUMPS_MS,
        collectEveryMs: COLLECT_EVERY_MS,
      }),
    ]);
    this.#writer = this.#startMessages();
  }

  async begin(): Promise<void> {
    this.#ready = await this.#sidecar.ready();
    const { guid } = await this.#writer.createChat({ address: "omar@example.com" });
    this.#chats = [`iMessage;-;${JANE}`, guid];
  }

  get clockJumps(): number {
    return WALL_JUMPS_MS.length;
  }

  /** About a second of traffic with tapbacks, an attachment, a WAL that begins anew, and a client that comes and goes. */
  async second(): Promise<void> {
    const [chat = ""] = this.#chats;
    const client = await this.#client();
    const messages = await this.#writer.traffic({ perSecond: 60, seconds: 0.8, chats: this.#chats });
    const target = messages[0]?.guid ?? "";
    await this.#writer.tapback({ target, kind: "like", from: JANE });
    await this.#writer.removeTapback({ target, kind: "like", from: JANE });
    await this.#writer.message({ chat, from: JANE, attachments: [{ name: "cat.heic" }] });
    await this.#writer.checkpoint(this.#round++ % 2 === 0 ? "RESTART" : "PASSIVE");
    await client.close();
    this.samples.push(sampleProcess(this.#pid));
    this.largestWalBytes = Math.max(this.largestWalBytes, sizeOf(`${this.fixture.database}-wal`));
  }

  /** The machine sleeps while Messages writes on (the other way round, nothing would happen). */
  async sleep(): Promise<void> {
    this.#sidecar.kill("SIGSTOP");
    await this.#writer.traffic({ perSecond: 60, seconds: 1, chats: this.#chats });
    this.#sidecar.kill("SIGCONT");
  }

  jumpClock(): void {
    this.#sidecar.kill("SIGUSR2");
  }

  /** A client that subscribes to everything and never reads; it is gone when the connection is closed. */
  sleepingClient(): Promise<Deno.TcpConn> {
    const { port, token } = this.#readyLine;
    return silentSocket(port, token, { type: "subscribe", topics: ["*"], after: 0 });
  }

  /** Another file takes the place of chat.db: the same messages at other ROWIDs. */
  async replaceSource(): Promise<void> {
    await until(async () => !(await this.#writer.checkpoint("TRUNCATE")).busy, "the checkpoint");
    await this.#writer.close();
    const { chatDb } = this.fixture;
    Deno.copyFileSync(chatDb, `${chatDb}.new`);
    {
      using db = openChatDatabase(`${chatDb}.new`, { release: "macos15" });
      db.exec(`PRAGMA foreign_keys = OFF;
               BEGIN;
               UPDATE message SET ROWID = -ROWID;
               UPDATE message SET ROWID = 1 - ROWID;
               UPDATE chat_message_join SET message_id = -message_id;
               UPDATE chat_message_join SET message_id = 1 - message_id;
               UPDATE message_attachment_join SET message_id = -message_id;
               UPDATE message_attachment_join SET message_id = 1 - message_id;
               COMMIT`);
    }
    for (const side of ["-wal", "-shm"]) removeIfThere(chatDb + side);
    Deno.renameSync(`${chatDb}.new`, chatDb);
    this.#writer = this.#startMessages();
  }

  /** Resolves when the sidecar has done everything that was written so far. */
  async inStep(): Promise<void> {
    const count = () => this.#sidecar.lines.filter((line) => line.type === "synced").length;
    const before = count();
    await this.#sidecar.send({ type: "sync" });
    await this.#sidecar.until(() => count() > before);
  }

  /** Stops everything; what was heard stays. */
  async end(): Promise<void> {
    await this.#writer.close();
    await this.#sidecar.endInput();
    await this.#sidecar.gone();
  }

  /** Numbers of the events heard on stdout, in the order in which they came. */
  get heard(): number[] {
    return this.#sidecar.stored().map((line) => line.seq ?? 0);
  }
  get seeded(): number {
    return this.#seeded;
  }
  get lines(): readonly Line[] {
    return this.#sidecar.lines;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sidecar.endInput();
    await this.#sidecar.gone();
    this.fixture[Symbol.dispose]();
  }

  get #readyLine(): Line {
    if (this.#ready === null) throw new Error("Not ready yet");
    return this.#ready;
  }
  get #pid(): number {
    return this.#readyLine["pid"];
  }

  async #client(): Promise<SocketClient> {
    const client = await SocketClient.connect(`${this.#readyLine["ws"]}?token=${this.#readyLine["token"]}`);
    client.send({ type: "subscribe", topics: ["*"], after: this.heard.at(-1) ?? this.#seeded });
    return client;
  }

  #startMessages(): MessagesProcess {
    const command = ownExecutable(import.meta.resolve("../../../main.ts"));
    return startMessagesProcess({
      command,
      db: this.fixture.chatDb,
      seed: this.#seed++,
      synchronous: "normal",
    });
  }
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

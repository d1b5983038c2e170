/**
 * The engine on a real chat.db and a real AddressBook, both written by simulated apps; only timers and the clock are
 * ours. Nothing happens but what a test asks for: `sync()` brings in messages, then contacts.
 */
import * as v from "valibot";
import { createChatDatabase, openChatDatabase } from "../../../../src/simulator/chat_database.ts";
import { ContactsApp, ROOT_STORE, storePath } from "../../../../src/simulator/contacts_app.ts";
import type { NewCard } from "../../../../src/simulator/contacts/inputs.ts";
import { MessagesApp } from "../../../../src/simulator/messages_app.ts";
import { SeededRandom } from "../../../../src/simulator/random.ts";
import { type AppPorts, engineOptions, newTriggers } from "../../../../src/app/wiring.ts";
import type { Transient } from "../../../../src/model/events.ts";
import type { SyncSummary } from "../../../../src/model/events.ts";
import type { Log } from "../../../../src/platform/log.ts";
import { silentLog } from "../../../../src/platform/log.ts";
import type { Connection, Row } from "../../../../src/sqlite/sqlite.ts";
import { openChatStatsDatabase } from "../../../../src/store/database.ts";
import type { ContactsOutcome } from "../../../../src/sync/contacts/contacts_sync.ts";
import { Engine } from "../../../../src/sync/engine.ts";
import { configFixture } from "../../../support/config.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { type HeardEvent, HeardEventShape } from "../../../support/sync_fixture.ts";

export const JANE = "+15550100001";
export const JANE_MAIL = "jane@example.com";
export const OMAR = "+15550100002";
export const HOME = "+15550100009";
/** The account of the second store. */
export const CLOUD = "6B1C0F3E-0000-4000-8000-000000000001";

export interface ContactsFixtureOptions {
  readonly region?: string | null;
  readonly limits?: NonNullable<AppPorts["limits"]>;
  readonly log?: Log;
  readonly probe?: (label: string) => void;
  /** Default: the AddressBook is there, with an empty root store. */
  readonly addressBook?: boolean;
}

export class ContactsFixture implements AsyncDisposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "chatstats-test-" });
  readonly addressBook = `${this.folder}/AddressBook`;
  readonly chatDb = `${this.folder}/chat.db`;
  readonly database = `${this.folder}/chatstats.db`;
  readonly clock = new FakeClock();
  messages: MessagesApp;
  readonly heard: HeardEvent[] = [];
  readonly told: Transient[] = [];
  resyncs = 0;
  readonly #options: ContactsFixtureOptions;
  #contacts: ContactsApp | null = null;
  #running: Running;

  constructor(options: ContactsFixtureOptions = {}) {
    this.#options = options;
    const chat = createChatDatabase(this.chatDb, {
      release: "macos15",
      origin: "fresh",
      synchronous: "normal",
    });
    this.messages = new MessagesApp(chat, { clock: this.clock, random: new SeededRandom(1) });
    if (options.addressBook !== false) this.openContacts();
    this.#running = this.#start();
  }

  get engine(): Engine {
    return this.#running.engine;
  }
  get db(): Connection {
    return this.#running.db;
  }
  get contacts(): ContactsApp {
    if (this.#contacts === null) throw new Error("Contacts does not run");
    return this.#contacts;
  }

  openContacts(): void {
    this.#contacts = new ContactsApp(this.addressBook, { clock: this.clock, random: new SeededRandom(2) });
  }
  quitContacts(): void {
    this.#contacts?.[Symbol.dispose]();
    this.#contacts = null;
  }
  store(name: string = ROOT_STORE): string {
    return storePath(this.addressBook, name);
  }

  /** A card in the root store; gives its unique id. */
  card(fields: Omit<NewCard, "store"> & { readonly store?: string }): string {
    return this.contacts.addCard({ store: ROOT_STORE, ...fields }).uniqueId;
  }

  /** One message from `address` in the 1:1 chat with it. */
  from(address: string, text = "words"): string {
    const { chats } = this;
    if (!chats.has(address)) chats.set(address, this.messages.createChat({ address }).guid);
    return this.messages.message({ chat: chats.get(address) ?? "", from: address, text }).guid;
  }
  readonly chats = new Map<string, string>();

  async syncMessages(): Promise<SyncSummary> {
    return await this.engine.catchUp.syncNow("test");
  }
  async syncContacts(): Promise<ContactsOutcome> {
    return await this.engine.contacts.syncNow("test");
  }
  /** Messages, then contacts; gives what contacts came to. */
  async sync(): Promise<ContactsOutcome> {
    await this.syncMessages();
    return await this.syncContacts();
  }

  /** Starts the loop that syncs contacts by itself, as the program does. */
  runContacts(): void {
    const { engine, stop } = this.#running;
    this.#running.loops.push(engine.contacts.run(stop.signal));
  }

  /** The events since the last call. */
  news(): HeardEvent[] {
    return this.heard.splice(0);
  }

  /** Another chat.db takes the place of the one that was there: the same rows, at other ROWIDs. */
  replaceMessages(): void {
    this.messages.db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    this.messages.db.close();
    Deno.copyFileSync(this.chatDb, `${this.chatDb}.new`);
    Deno.renameSync(`${this.chatDb}.new`, this.chatDb);
    const chat = openChatDatabase(this.chatDb, { release: "macos15" });
    chat.exec(`PRAGMA foreign_keys = OFF;
               UPDATE message SET ROWID = ROWID + 1000;
               UPDATE chat_message_join SET message_id = message_id + 1000`);
    this.messages = new MessagesApp(chat, { clock: this.clock, random: new SeededRandom(3) });
  }

  /** Our side alone begins anew, with no database, on the files of `other`. */
  async readFrom(other: ContactsFixture): Promise<void> {
    await this.stop();
    Deno.removeSync(this.database);
    this.#from = other;
    this.#running = this.#start();
  }
  #from: ContactsFixture | null = null;

  /** Our side ends, so that another process can have the database; `restart` takes it back. */
  async stop(): Promise<void> {
    const { engine, stop, loops } = this.#running;
    if (stop.signal.aborted) return;
    stop.abort();
    await engine.stopWork();
    await Promise.all(loops);
    engine.close();
  }
  async restart(): Promise<void> {
    await this.stop();
    this.#running = this.#start();
  }

  rows(sql: string): Row[] {
    return this.db.prepare(sql).all().map((row) => ({ ...row }));
  }
  /** First column of each row. */
  column(sql: string): unknown[] {
    return this.rows(sql).map((row) => Object.values(row)[0]);
  }

  /** What the contact of each identifier is called, and why. */
  names(): Record<string, string> {
    return Object.fromEntries(
      this.rows(
        `SELECT i.identifier, c.name || ' (' || c.name_source || ')' AS name
           FROM contact_identifiers i JOIN contacts c ON c.id = i.contact_id ORDER BY i.identifier`,
      ).map(({ identifier, name }) => [String(identifier), String(name)]),
    );
  }
  /** Names of the 1:1 chats by address. */
  chatNames(): Record<string, string> {
    return Object.fromEntries(
      this.rows("SELECT chat_identifier, chat_name FROM chats WHERE is_group = 0").map((row) => [
        String(row["chat_identifier"]),
        String(row["chat_name"]),
      ]),
    );
  }
  /** The identifiers that are one contact, for each contact with several. */
  people(): string[][] {
    return this.column(
      "SELECT json_group_array(identifier ORDER BY identifier) FROM contact_identifiers GROUP BY contact_id HAVING count(*) > 1 ORDER BY 1",
    ).map((json) => JSON.parse(String(json)));
  }
  contactOf(identifier: string): number {
    return Number(
      this.db.prepare("SELECT contact_id FROM contact_identifiers WHERE identifier = :identifier").get({
        identifier,
      })?.["contact_id"],
    );
  }
  /** Id of the newest merge. */
  get lastMerge(): number {
    return Number(this.column("SELECT max(id) FROM contact_merges")[0]);
  }
  /** State and hint of each store as the status would say. */
  storeStates(): Record<string, string> {
    return Object.fromEntries(this.engine.contacts.stores.map(({ path, state }) => [path, state]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.messages.db.close();
    this.quitContacts();
    Deno.removeSync(this.folder, { recursive: true });
  }

  #start(): Running {
    const { database } = this;
    const db = openChatStatsDatabase(database, { randomUuid: () => crypto.randomUUID() });
    const { region = "US", limits = {}, log = silentLog, probe } = this.#options;
    const { chatDb: messagesDb, addressBook } = this.#from ?? this;
    const flags = { messagesDb, addressbookDir: addressBook, database };
    const config = { ...configFixture({ flags }), region };
    const engine = new Engine(db, engineOptions(config, { limits }), {
      triggers: newTriggers(),
      sink: {
        committed: (events) => {
          this.heard.push(...events.map((event) => v.parse(HeardEventShape, JSON.parse(event.json))));
        },
        resync: () => this.resyncs++,
        clientsLeft: () => false,
        tell: (told) => this.told.push(told),
      },
      clock: this.clock,
      log,
      probe,
    });
    const stop = new AbortController();
    return { db, engine, stop, loops: [engine.catchUp.run(stop.signal)] };
  }
}

interface Running {
  readonly db: Connection;
  readonly engine: Engine;
  readonly stop: AbortController;
  readonly loops: Promise<void>[];
}

/** What syncs contacts, put together in this process as the engine does, on our database alone. */
import { systemClock, yieldToEventLoop } from "../../src/platform/clock.ts";
import type { Connection } from "../../src/sqlite/sqlite.ts";
import { openChatStatsDatabase } from "../../src/store/database.ts";
import { Outbox } from "../../src/store/outbox.ts";
import { STATE_KEYS, StateStore } from "../../src/store/state.ts";
import { ContactsSync } from "../../src/sync/contacts/contacts_sync.ts";
import { ContactsWriter } from "../../src/sync/contacts/contacts_writer.ts";
import { Turns } from "../../src/sync/contacts/turns.ts";
import { ChangeLog } from "../../src/sync/pass/change_log.ts";
import passTables from "../../src/sync/pass/sql/temp_tables.sql" with { type: "text" };

export class ContactsSubject implements Disposable {
  readonly db: Connection;
  readonly writer: ContactsWriter;
  readonly sync: ContactsSync;
  readonly changeLog: ChangeLog;

  constructor(database: string, folder: string) {
    const db = openChatStatsDatabase(database, { randomUuid: () => crypto.randomUUID() });
    this.db = db;
    db.exec(passTables);
    const state = new StateStore(db);
    const turns = new Turns(systemClock, () => null, () => false, new AbortController().signal);
    const now = () => Date.now();
    this.changeLog = new ChangeLog(db);
    this.writer = new ContactsWriter({
      db,
      outbox: new Outbox(db),
      changeLog: this.changeLog,
      now,
      probe: () => {},
    });
    this.sync = new ContactsSync({
      db,
      state,
      writer: this.writer,
      folder,
      region: () => state.get(STATE_KEYS.region),
      turn: () => turns.next(),
      mayMerge: () => true,
      messagesImported: () => true,
      committed: () => {},
      now,
      probe: () => {},
    });
  }

  [Symbol.dispose](): void {
    this.db.close();
  }
}

/** While `work` runs: how long each stretch held the event loop, in milliseconds; shorter ones than 1 ms left out. */
export async function holdsDuring(work: () => Promise<unknown>): Promise<number[]> {
  const holds: number[] = [];
  let isOver = false;
  let at = performance.now();
  const tick = () => {
    const now = performance.now();
    if (now - at >= 1) holds.push(now - at);
    at = performance.now();
    if (!isOver) setTimeout(tick, 0);
  };
  await yieldToEventLoop();
  at = performance.now();
  setTimeout(tick, 0);
  await work();
  tick();
  isOver = true;
  await yieldToEventLoop();
  return holds;
}

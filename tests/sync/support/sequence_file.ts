/** What there is to choose from in the simulated app's file, read anew each time: it may be another file. */
import { isAtLeast, type Release, releaseOf } from "../../../src/simulator/releases.ts";
import type { MessagesApp } from "../../../src/simulator/messages_app.ts";
import { text } from "../../../src/sqlite/row.ts";
import { NOON_MS } from "../../support/fake_clock.ts";
import type { SyncFixture } from "../../support/sync_fixture.ts";

export const PEOPLE = ["+15550100001", "+15550100002", "jane@example.com", "242733", "+447700900123"];
export const SERVICES = ["iMessage", "SMS", "RCS", "rcs", "iMessageLite"];
export const HOUR_MS = 3_600_000;

const WORDS = "m.item_type = 0 AND m.associated_message_type = 0";
const IN_CHATS = "(SELECT count(*) FROM chat_message_join j WHERE j.message_id = m.ROWID)";
const IS_DELETED = "EXISTS (SELECT 1 FROM chat_recoverable_message_join r WHERE r.message_id = m.ROWID)";

/** Statements that give GUIDs, the oldest first. */
const GUIDS = {
  chats: "SELECT guid FROM chat ORDER BY ROWID",
  groups: "SELECT guid FROM chat WHERE style = 43 ORDER BY ROWID",
  rows: "SELECT guid FROM message ORDER BY ROWID",
  /** In exactly one chat: what Messages does to a message of several chats is not known. */
  messages: `SELECT m.guid FROM message m WHERE ${WORDS} AND ${IN_CHATS} = 1 ORDER BY m.ROWID`,
  tapbacks:
    `SELECT m.guid FROM message m WHERE m.associated_message_type BETWEEN 2000 AND 2005 AND ${IN_CHATS} = 1 ORDER BY m.ROWID`,
  pictures: "SELECT guid FROM attachment ORDER BY ROWID",
  loosePictures:
    "SELECT guid FROM attachment WHERE ROWID NOT IN (SELECT attachment_id FROM message_attachment_join) ORDER BY ROWID",
} as const;
const DELETED = `SELECT m.guid FROM message m WHERE ${IS_DELETED} ORDER BY m.ROWID`;
const LATE = `SELECT m.guid FROM message m WHERE ${WORDS} AND ${IN_CHATS} = 0`;

export class SequenceFile {
  readonly #fixture: SyncFixture;
  #dateMs = NOON_MS;
  #count = 0;

  constructor(fixture: SyncFixture) {
    this.#fixture = fixture;
  }

  get app(): MessagesApp {
    return this.#fixture.app;
  }
  get release(): Release {
    return releaseOf(this.app.db);
  }
  /** Whether there is Recently Deleted, and editing. */
  get isOfMacos13(): boolean {
    return isAtLeast(this.release, "macos13");
  }
  /** When the step at hand happens; no two at the same time. Milliseconds since 1970. */
  get dateMs(): number {
    return this.#dateMs;
  }
  goOn(ms: number): void {
    this.#dateMs += ms;
  }
  /** Never the same. */
  nextNumber(): number {
    return this.#count++;
  }

  all(what: keyof typeof GUIDS): string[] {
    return this.#guids(GUIDS[what]);
  }
  one(what: keyof typeof GUIDS, at: number): string | undefined {
    return pickFrom(this.all(what), at);
  }
  /** In Recently Deleted. */
  get deleted(): string[] {
    return this.isOfMacos13 ? this.#guids(DELETED) : [];
  }
  /** Messages in no chat yet. */
  get late(): string[] {
    return this.#guids(
      this.isOfMacos13 ? `${LATE} AND NOT ${IS_DELETED} ORDER BY m.ROWID` : `${LATE} ORDER BY m.ROWID`,
    );
  }

  #guids(sql: string): string[] {
    return this.app.db.prepare(sql).all().map((row) => text(row, "guid"));
  }
}

/** Undefined where there is nothing. */
export function pickFrom<T>(from: readonly T[], at: number): T | undefined {
  return from[at % Math.max(1, from.length)];
}

/** Throws RangeError where there is nothing. */
export function pick<T>(from: readonly T[], at: number): T {
  const value = from[at % from.length];
  if (value === undefined) throw new RangeError("Cannot pick from nothing");
  return value;
}

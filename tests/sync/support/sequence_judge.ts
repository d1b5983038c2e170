/**
 * What our database has to be after a sequence: what one import of the final file gives, what that file no longer has as
 * the model says, and what must hold of any database.
 */
import { deepEqual, ok } from "node:assert/strict";
import { text } from "../../../src/sqlite/row.ts";
import type { Row } from "../../../src/sqlite/sqlite.ts";
import { logicalContent } from "../../support/logical_content.ts";
import type { SyncFixture } from "../../support/sync_fixture.ts";
import { judgeConversations } from "../conversations/support/conversation_model.ts";

const GAP_MS = 90 * 60_000;

const DOUBLE_TAPBACKS = `
  SELECT original_message_guid FROM reactions
   WHERE removed_at IS NULL AND reaction_type <> 'sticker'
   GROUP BY original_message_guid, original_part, sender_id HAVING count(*) > 1`;

/** Counters are those of our own rows, whatever Messages still has of them. */
const WRONG_CHAT_COUNTERS = `
  SELECT c.chat_identifier
    FROM chats c
   WHERE (c.total_messages, c.created_date, c.last_message_date) IS NOT (
     (SELECT count(*) FROM messages m WHERE m.chat_id = c.id AND m.deleted_at IS NULL),
     (SELECT min(m.timestamp) FROM messages m WHERE m.chat_id = c.id),
     (SELECT max(m.timestamp) FROM messages m WHERE m.chat_id = c.id AND m.deleted_at IS NULL)
   )`;
const WRONG_LAST_USED = `
  SELECT i.identifier
    FROM contact_identifiers i
   WHERE i.last_used IS NOT (SELECT max(m.timestamp) FROM messages m WHERE m.sender_identifier_id = i.id)`;
/** The message of an edit, or of a conversation, is there and counts. */
const STRAY_EDITS = `
  SELECT m.guid FROM message_edits e JOIN messages m ON m.id = e.message_id WHERE m.content IS NULL AND m.deleted_at IS NOT NULL
     AND m.source_rowid IS NULL`;

/** What must hold of any database that was walked to the end. */
export function judgeAlone(fixture: SyncFixture): void {
  deepEqual(fixture.rows(DOUBLE_TAPBACKS), []);
  deepEqual(fixture.rows(WRONG_CHAT_COUNTERS), []);
  deepEqual(fixture.rows(WRONG_LAST_USED), []);
  deepEqual(fixture.rows(STRAY_EDITS), []);
  judgeConversations(fixture.db, GAP_MS);
  ok(fixture.column("PRAGMA main.quick_check")[0] === "ok");
  deepEqual(fixture.rows("PRAGMA main.foreign_key_check"), []);
}

/**
 * Rows that Messages' file does not have: gone for good, without what was said, or kept just as they were. `perhaps`: what
 * may be either.
 */
export function judgeNotInSource(
  fixture: SyncFixture,
  { kept, perhaps }: { readonly kept: ReadonlyMap<string, Row>; readonly perhaps: ReadonlyMap<string, Row> },
): void {
  const rows = fixture.rows(`
    SELECT guid, hex(content) AS content, timestamp, is_from_me, deleted_at FROM messages WHERE source_rowid IS NULL
     ORDER BY guid`);
  const isGone = (row: Row) => row["deleted_at"] !== null && row["content"] === "";
  const wrong = rows.filter((row) => {
    const guid = text(row, "guid");
    if (kept.has(guid)) return !same(row, kept.get(guid));
    return !isGone(row) && !same(row, perhaps.get(guid));
  });
  deepEqual(wrong, [], "neither gone nor kept");
  const all = new Set(fixture.column("SELECT guid FROM messages"));
  deepEqual([...kept.keys()].filter((guid) => !all.has(guid)), [], "no row of ours goes");
}

function same(row: Row, other: Row | undefined): boolean {
  return other !== undefined && Object.keys(row).every((column) => row[column] === other[column]);
}

/** `fresh` is one import of the file that `fixture` follows. */
export function judgeAgainst(fixture: SyncFixture, fresh: SyncFixture): void {
  const [ours, one] = [
    logicalContent(fixture.db, { walked: true }),
    logicalContent(fresh.db, { walked: true }),
  ];
  const scope = new Scope(fixture, fresh);
  for (const [table, compared] of Object.entries(COMPARED)) {
    const of = (content: Record<string, Row[]>) => compared(content[table] ?? [], scope);
    deepEqual(of(ours), of(one), table);
  }
}

/** What both can know: rows of ours that Messages' file no longer has are left out, and what hangs on them. */
class Scope {
  /** GUIDs, or identifiers. */
  readonly messages: ReadonlySet<unknown>;
  readonly attachments: ReadonlySet<unknown>;
  readonly events: ReadonlySet<unknown>;
  readonly chats: ReadonlySet<unknown>;
  readonly identifiers: ReadonlySet<unknown>;
  readonly keptTapbacks: ReadonlySet<unknown>;
  readonly keptChats: ReadonlySet<unknown>;
  /** Kind and ROWID, in Messages' file, of what we have: it does not wait. */
  readonly kept: ReadonlySet<unknown>;

  constructor(fixture: SyncFixture, fresh: SyncFixture) {
    const of = (from: SyncFixture, sql: string) => new Set(from.column(sql));
    this.messages = of(fresh, "SELECT guid FROM messages");
    this.attachments = of(fresh, "SELECT guid FROM attachments");
    this.events = of(fresh, "SELECT guid FROM chat_events");
    this.chats = of(fresh, "SELECT chat_identifier FROM chats");
    this.identifiers = of(fresh, "SELECT identifier FROM contact_identifiers");
    this.keptTapbacks = of(
      fixture,
      `SELECT original_message_guid FROM reactions WHERE source_rowid IS NULL AND gone_at IS NULL
       UNION SELECT original_message_guid FROM reaction_removals WHERE source_rowid IS NULL`,
    );
    this.kept = new Set(
      (["message", "attachment"] as const).flatMap((table) => {
        const guids = JSON.stringify(fixture.column(`SELECT guid FROM ${table}s`));
        const rows = fixture.app.db.prepare(
          `SELECT ROWID AS id FROM ${table} WHERE guid IN (SELECT value FROM json_each(:guids))`,
        ).all({ guids });
        return rows.map((row) => `${table} ${row["id"]}`);
      }),
    );
    const chatsOfMessages = fixture.rows(
      "SELECT m.guid, c.chat_identifier FROM messages m JOIN chats c ON c.id = m.chat_id WHERE m.deleted_at IS NULL",
    );
    this.keptChats = new Set(
      chatsOfMessages.filter((row) => !this.messages.has(row["guid"])).map((row) => row["chat_identifier"]),
    );
  }
}

type Compared = (rows: readonly Row[], scope: Scope) => readonly Row[];
const among = (column: string, set: (scope: Scope) => ReadonlySet<unknown>): Compared => (rows, scope) =>
  rows.filter((row) => set(scope).has(row[column]));

const COMPARED: Readonly<Record<string, Compared>> = {
  messages: among("guid", ({ messages }) => messages),
  message_edits: among("guid", ({ messages }) => messages),
  reactions: (rows, { messages, keptTapbacks }) =>
    rows.filter((row) =>
      messages.has(row["original_message_guid"]) && !keptTapbacks.has(row["original_message_guid"])
    ),
  attachments: among("guid", ({ attachments }) => attachments),
  chat_events: among("guid", ({ events }) => events),
  // What counts rows that are gone or kept is judged by itself.
  chats: (rows, { chats }) =>
    rows.filter((row) => chats.has(row["chat_identifier"])).map((row) => ({
      ...row,
      created_date: null,
      last_message_date: null,
      total_messages: null,
    })),
  participants: among("chat_identifier", ({ chats }) => chats),
  identifiers: (rows, { identifiers }) =>
    rows.filter((row) => identifiers.has(row["identifier"])).map((row) => ({ ...row, last_used: null })),
  contacts: (rows, { identifiers }) =>
    rows.filter((row) => {
      const own: unknown = JSON.parse(text(row, "identifiers"));
      return Array.isArray(own) && (own.length === 0 || own.some((one) => identifiers.has(one)));
    }),
  conversations: (rows, { keptChats }) => rows.filter((row) => !keptChats.has(row["chat_identifier"])),
  // A tapback of a message that is gone waits for it in one database, and stands by it in the other. A message that an
  // older file has in no chat, and an attachment that it has with no message, are kept where they were.
  pending: (rows, { kept }) =>
    rows.filter(({ kind, source_rowid }) => kind !== "reaction" && !kept.has(`${kind} ${source_rowid}`)),
};

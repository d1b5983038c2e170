/** Reads the notes of the pass at hand, in the order in which a client has to hear of them. */
import { LiveSyncError } from "../../model/errors.ts";
import { integer, integerOrNull, text, textOrNull } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import {
  attachmentEvents,
  chatEvents,
  contactEvents,
  type EventDraft,
  messageEvents,
  participantEvents,
  reactionEvents,
} from "./events.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import type { Mended } from "./comparison.ts";
import loggedChangesSql from "./sql/logged_changes.sql" with { type: "text" };

const SQL = statementsOf(loggedChangesSql, [
  "contacts",
  "chats",
  "participants",
  "messages",
  "reactions",
  "attachments",
]);

/** How many messages the notes of a pass tell of; the words are those of `sync --json`. */
export interface ChangeCounts {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly reactions: number;
  readonly attachments: number;
  readonly contacts: number;
}

export const NO_CHANGES: ChangeCounts = {
  created: 0,
  updated: 0,
  deleted: 0,
  reactions: 0,
  attachments: 0,
  contacts: 0,
};

/** Contacts and chats first, so that a client knows them when their messages come. */
export function eventsOfChanges(db: Connection, nowMs: number): EventDraft[] {
  const kinds = new Set(
    db.prepare("SELECT DISTINCT kind FROM temp.logged_change").all().map((row) => text(row, "kind")),
  );
  // Each asks for the notes of one kind.
  const changes = (kind: string, sql: string) => kinds.has(kind) ? db.prepare(sql).all() : [];
  const contacts = changes("contact", SQL.contacts).flatMap((row) =>
    contactEvents({
      id: integer(row, "id"),
      before: textOrNull(row, "before"),
      now: text(row, "now"),
      identifiers: text(row, "identifiers"),
      chatIds: integers(text(row, "chats")),
    })
  );
  const chats = changes("chat", SQL.chats).flatMap((row) =>
    chatEvents({ id: integer(row, "id"), before: textOrNull(row, "before"), now: text(row, "now") })
  );
  const participants = participantEvents(
    changes("participant", SQL.participants).map((row) => ({
      chatId: integer(row, "chat_id"),
      contactId: integer(row, "contact_id"),
      wasIn: integer(row, "was_in") === 1,
      isIn: integer(row, "is_in") === 1,
    })),
  );
  const messages = changes("message", SQL.messages).flatMap((row) =>
    messageEvents({
      id: integer(row, "id"),
      guid: text(row, "guid"),
      chatId: integer(row, "chat_id"),
      timestampMs: integerOrNull(row, "timestamp"),
      gone: integer(row, "gone") === 1,
      before: textOrNull(row, "before"),
      now: text(row, "now"),
    }, nowMs)
  );
  const reactions = changes("reaction", SQL.reactions).flatMap((row) =>
    reactionEvents({
      messageId: integerOrNull(row, "message_id"),
      chatId: integerOrNull(row, "chat_id"),
      before: textOrNull(row, "before"),
      now: text(row, "now"),
    })
  );
  const attachments = changes("attachment", SQL.attachments).flatMap((row) =>
    attachmentEvents({
      messageId: integerOrNull(row, "message_id"),
      chatId: integerOrNull(row, "chat_id"),
      before: textOrNull(row, "before"),
      now: text(row, "now"),
    })
  );
  return [...contacts, ...chats, ...participants, ...messages, ...reactions, ...attachments];
}

/** Counts rows by what their events say, so that a count and the feed never disagree. */
export function countEvents(events: readonly EventDraft[]): ChangeCounts {
  const count = (prefix: string) => events.filter((event) => event.event.startsWith(prefix)).length;
  return {
    created: count("message.created"),
    updated: count("message.updated") + count("message.restored"),
    deleted: count("message.deleted"),
    reactions: count("reaction."),
    attachments: count("attachment."),
    contacts: count("contact."),
  };
}

/** What a comparison found, by the events of what it mended. */
export function mendedBy(events: readonly EventDraft[]): Mended {
  const missing = events.filter(({ event }) => /\.(?:created|added|restored)$/.test(event)).length;
  const extra = events.filter(({ event }) => /\.(?:deleted|removed)$/.test(event)).length;
  return { missing, extra, different: events.length - missing - extra };
}

export function addCounts(a: ChangeCounts, b: ChangeCounts): ChangeCounts {
  return {
    created: a.created + b.created,
    updated: a.updated + b.updated,
    deleted: a.deleted + b.deleted,
    reactions: a.reactions + b.reactions,
    attachments: a.attachments + b.attachments,
    contacts: a.contacts + b.contacts,
  };
}

function integers(json: string): number[] {
  const value: unknown = JSON.parse(json);
  if (Array.isArray(value) && value.every((item) => typeof item === "number")) return value;
  throw new LiveSyncError("unexpected_json", "Cannot read a logged change: it is not a list of numbers");
}

/**
 * From the notes of a pass to the events of the feed: pure functions over what a row was before the pass and is now.
 * Both come as JSON made by SQLite, which keeps an embedded NUL and gives booleans as booleans.
 */
import { LiveSyncError } from "../../model/errors.ts";
import type { JsonValue, StoredEventName } from "../../model/events.ts";

type JsonObject = { readonly [key: string]: JsonValue };

/** An event before it has a number; `data` is JSON. */
export interface EventDraft {
  readonly event: StoredEventName;
  readonly topics: readonly string[];
  readonly data: string;
  /** The message whose text `data` holds. */
  readonly messageId?: number;
}

/** A message older than this when it comes is history that was filled in, not news. */
const BACKFILL_MS = 24 * 3600 * 1000;

/** Throws LiveSyncError `unexpected_json`, without the parser's own message, which quotes what it could not read. */
function parseObject(json: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (isObject(value)) return value;
  throw new LiveSyncError("unexpected_json", "Cannot read a logged change: it is not a JSON object");
}

/** JSON.parse gives nothing but JSON values, so being an object is all there is to check. */
function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Names and new values of what differs, among the columns that `before` tells of. */
function difference(before: JsonObject, now: JsonObject): { changed: string[]; values: JsonObject } {
  const changed = Object.keys(before).filter((column) => before[column] !== now[column]);
  const values = Object.fromEntries(
    changed.map((column): [string, JsonValue] => [column, now[column] ?? null]),
  );
  return { changed, values };
}

function chatTopics(chatId: number | null): readonly string[] {
  return chatId === null ? ["chats"] : ["chats", `chat:${chatId}`];
}

export interface MessageNote {
  readonly id: number;
  readonly guid: string;
  readonly chatId: number;
  readonly timestampMs: number | null;
  /** Deleted for good: it has no text left. */
  readonly gone: boolean;
  readonly before: string | null;
  readonly now: string;
}

export function messageEvents(note: MessageNote, nowMs: number): EventDraft[] {
  const topics = chatTopics(note.chatId);
  if (note.before === null) {
    const backfill = note.timestampMs !== null && note.timestampMs < nowMs - BACKFILL_MS;
    return [{
      event: "message.created",
      topics,
      data: `{"message":${note.now},"backfill":${backfill},"late_ms":${lateMs(note.timestampMs, nowMs)}}`,
      messageId: note.id,
    }];
  }
  const before = parseObject(note.before);
  const { changed, values } = difference(before, parseObject(note.now));
  const events: EventDraft[] = [];
  const isDeleted = before["deleted_at"] === null && changed.includes("deleted_at");
  const isRestored = before["deleted_at"] !== null && values["deleted_at"] === null;
  // That it has no text left, the event of its end says.
  const rest = changed.filter((column) =>
    column !== "deleted_at" && !(column === "content" && isDeleted && note.gone)
  );
  if (rest.length > 0) {
    const movedFrom = before["chat_id"];
    const both = changed.includes("chat_id") && typeof movedFrom === "number"
      ? [...topics, `chat:${movedFrom}`]
      : topics;
    const kept = Object.fromEntries(Object.entries(values).filter(([column]) => rest.includes(column)));
    events.push({
      event: "message.updated",
      topics: both,
      data: JSON.stringify({
        message_id: note.id,
        guid: note.guid,
        chat_id: note.chatId,
        changed: rest,
        values: kept,
      }),
      messageId: note.id,
    });
  }
  const which = { message_id: note.id, guid: note.guid, chat_id: note.chatId };
  if (isDeleted) {
    const data = JSON.stringify({ ...which, for_good: note.gone });
    events.push({ event: "message.deleted", topics, data });
  }
  if (isRestored) events.push({ event: "message.restored", topics, data: JSON.stringify(which) });
  return events;
}

/** From a message's time to the commit that tells of it, in milliseconds; null where it has none. */
function lateMs(timestampMs: number | null, nowMs: number): number | null {
  return timestampMs === null ? null : Math.max(0, nowMs - timestampMs);
}

export interface ReactionNote {
  /** Of the message that it is on; null: we do not have it. */
  readonly messageId: number | null;
  readonly chatId: number | null;
  readonly before: string | null;
  readonly now: string;
}

/**
 * A tapback that came and went within one pass is told as both, in that order; one whose row says something else now as
 * one that went and one that came.
 */
export function reactionEvents(note: ReactionNote): EventDraft[] {
  const now = parseObject(note.now);
  const before = note.before === null ? null : parseObject(note.before);
  const stands = now["removed_at"] === null;
  const stood = before !== null && before["removed_at"] === null;
  const topics = chatTopics(note.chatId);
  const about = { message_id: note.messageId, chat_id: note.chatId };
  const data = `{"reaction":${note.now},"message_id":${note.messageId},"chat_id":${note.chatId}}`;
  const added: EventDraft = { event: "reaction.added", topics, data };
  const removed: EventDraft = { event: "reaction.removed", topics, data };
  if (before === null) return stands ? [added] : [added, removed];
  if (stood && stands && difference(before, now).changed.length > 0) {
    return [{ ...removed, data: JSON.stringify({ reaction: { ...now, ...before }, ...about }) }, added];
  }
  if (stood === stands) return [];
  return [stands ? added : removed];
}

export interface AttachmentNote {
  readonly messageId: number | null;
  readonly chatId: number | null;
  readonly before: string | null;
  readonly now: string;
}

export function attachmentEvents(note: AttachmentNote): EventDraft[] {
  const topics = chatTopics(note.chatId);
  const head = `"attachment":${note.now},"message_id":${note.messageId},"chat_id":${note.chatId}`;
  if (note.before === null) return [{ event: "attachment.created", topics, data: `{${head}}` }];
  const { changed, values } = difference(parseObject(note.before), parseObject(note.now));
  if (changed.length === 0) return [];
  const tail = `"changed":${JSON.stringify(changed)},"values":${JSON.stringify(values)}`;
  return [{ event: "attachment.updated", topics, data: `{${head},${tail}}` }];
}

export interface ChatNote {
  readonly id: number;
  readonly before: string | null;
  readonly now: string;
}

export function chatEvents(note: ChatNote): EventDraft[] {
  const topics = chatTopics(note.id);
  if (note.before === null) {
    return [{ event: "chat.created", topics, data: `{"chat":${note.now},"changed":[]}` }];
  }
  const before = parseObject(note.before);
  const { changed, values } = difference(before, parseObject(note.now));
  if (changed.length === 0) return [];
  const tail = `"changed":${JSON.stringify(changed)},"values":${JSON.stringify(values)}`;
  const gone = changed.includes("deleted_at") && before["deleted_at"] === null;
  return [{ event: gone ? "chat.deleted" : "chat.updated", topics, data: `{"chat":${note.now},${tail}}` }];
}

export interface ParticipantNote {
  readonly chatId: number;
  readonly contactId: number;
  readonly wasIn: boolean;
  readonly isIn: boolean;
}

/** One event per chat, however many came and went. */
export function participantEvents(notes: readonly ParticipantNote[]): EventDraft[] {
  const moved = notes.filter((note) => note.wasIn !== note.isIn);
  return [...Map.groupBy(moved, (note) => note.chatId)].map(([chatId, ofChat]) => ({
    event: "chat.participants",
    topics: chatTopics(chatId),
    data: JSON.stringify({
      chat_id: chatId,
      added: ofChat.filter((note) => note.isIn).map((note) => note.contactId),
      removed: ofChat.filter((note) => note.wasIn).map((note) => note.contactId),
    }),
  }));
}

export interface ContactNote {
  readonly id: number;
  readonly before: string | null;
  readonly now: string;
  /** JSON array of the identifiers' texts. */
  readonly identifiers: string;
  readonly chatIds: readonly number[];
}

export function contactEvents(note: ContactNote): EventDraft[] {
  const now = parseObject(note.now);
  const before = note.before === null ? null : parseObject(note.before);
  if (before !== null && difference(before, now).changed.length === 0) return [];
  const renamed = before !== null && before["name"] !== now["name"];
  const updateType = before === null ? "created" : renamed ? "name_updated" : "details_updated";
  return [{
    event: before === null ? "contact.created" : "contact.updated",
    topics: ["contacts", `contact:${note.id}`, ...note.chatIds.map((id) => `chat:${id}`)],
    data: `{"contact_id":${note.id},"name":${JSON.stringify(now["name"])},"previous_name":${
      JSON.stringify(before?.["name"] ?? null)
    },"update_type":"${updateType}","identifiers":${note.identifiers}}`,
  }];
}

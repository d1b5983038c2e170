/**
 * A client that knows nothing but the feed: it keeps what events tell and reads all again when it is told to. What it
 * holds in the end is what the database holds, or the events did not lead there.
 *
 * Each event is held against what the client knows before it: one that tells nothing new, or a second time, or speaks of
 * what the client has not heard of, is a fault.
 */
import { deepEqual, ok } from "node:assert/strict";
import * as v from "valibot";
import { text } from "../../../src/sqlite/row.ts";
import type { Connection } from "../../../src/sqlite/sqlite.ts";
import { Outbox } from "../../../src/store/outbox.ts";
import type { HeardEvent } from "../../support/sync_fixture.ts";

type Fields = Record<string, unknown>;
type Table = "messages" | "reactions" | "attachments" | "chats" | "contacts";
type Rows = Record<Table, Map<number, Fields>>;

const Event = v.looseObject({ seq: v.number(), event: v.string(), data: v.record(v.string(), v.any()) });
const Id = v.looseObject({ id: v.number() });
const Moved = v.object({ added: v.array(v.number()), removed: v.array(v.number()) });
const Changed = v.looseObject({ changed: v.array(v.string()), values: v.record(v.string(), v.unknown()) });

/** What events tell of each row; `deleted` stands for a message's `deleted_at`, whose time no event gives. */
const CURRENT: Readonly<Record<Table, string>> = {
  messages: `
    SELECT json_object(
             'id', id, 'guid', guid, 'chat_id', chat_id, 'sender_id', sender_id, 'content', content,
             'timestamp', timestamp, 'is_from_me', json(iif(is_from_me, 'true', 'false')),
             'message_type', message_type, 'service_name', service_name, 'reply_to_guid', reply_to_guid,
             'date_read', date_read, 'date_delivered', date_delivered, 'date_edited', date_edited,
             'date_retracted', date_retracted, 'send_error', send_error,
             'deleted', json(iif(deleted_at IS NULL, 'false', 'true'))
           ) AS json
      FROM messages ORDER BY id`,
  reactions: `
    SELECT json_object(
             'id', id, 'guid', guid, 'original_message_guid', original_message_guid, 'original_part', original_part,
             'chat_id', chat_id, 'sender_id', sender_id, 'reaction_type', reaction_type, 'emoji', emoji,
             'timestamp', timestamp
           ) AS json
      FROM reactions WHERE removed_at IS NULL ORDER BY id`,
  attachments: `
    SELECT json_object(
             'id', id, 'guid', guid, 'message_id', message_id, 'file_name', file_name, 'path', path,
             'mime_type', mime_type, 'uti', uti, 'size', size, 'created_date', created_date,
             'is_sticker', json(iif(is_sticker, 'true', 'false')), 'transfer_state', transfer_state,
             'deleted_at', deleted_at
           ) AS json
      FROM attachments ORDER BY id`,
  chats: `
    SELECT json_object(
             'id', id, 'chat_identifier', chat_identifier, 'chat_name', chat_name,
             'is_group', json(iif(is_group, 'true', 'false')), 'service_name', service_name,
             'is_archived', json(iif(is_archived, 'true', 'false')), 'deleted_at', deleted_at,
             'participants', json((
               SELECT json_group_array(p.contact_id ORDER BY p.contact_id) FROM chat_participants p
                WHERE p.chat_id = chats.id
             ))
           ) AS json
      FROM chats ORDER BY id`,
  contacts: "SELECT json_object('id', id, 'name', name) AS json FROM contacts WHERE is_me = 0 ORDER BY id",
};

export function currentRows(db: Connection): Rows {
  const of = (table: Table) =>
    new Map(
      db.prepare(CURRENT[table]).all().map((row) => {
        const fields = v.parse(Id, JSON.parse(text(row, "json")));
        return [fields.id, { ...fields }] as const;
      }),
    );
  return {
    messages: of("messages"),
    reactions: of("reactions"),
    attachments: of("attachments"),
    chats: of("chats"),
    contacts: of("contacts"),
  };
}

export interface FeedClientOptions {
  /**
   * Whether every event must tell something new. Not of those that were kept: text that was taken out of them leaves some
   * that say nothing.
   */
  readonly strict: boolean;
}

export class FeedClient {
  readonly #strict: boolean;
  #rows: Rows | null = null;
  #seq = 0;
  #readAgain = 0;

  constructor({ strict }: FeedClientOptions) {
    this.#strict = strict;
  }

  /** How often it was told to read everything again, or read it for the first time. */
  get readAgain(): number {
    return this.#readAgain;
  }

  /** Another client that begins where this one stands now. */
  copy(options: FeedClientOptions): FeedClient {
    const other = new FeedClient(options);
    other.#rows = this.#rows === null ? null : structuredClone(this.#rows);
    other.#seq = this.#seq;
    return other;
  }

  /** Takes in what was stored since the last time. */
  hear(db: Connection): void {
    const outbox = new Outbox(db);
    const { seq, oldest } = outbox.position();
    if (this.#rows === null || this.#seq + 1 < oldest) {
      this.#rows = currentRows(db);
      this.#seq = seq;
      this.#readAgain++;
      return;
    }
    for (const { json } of outbox.read(this.#seq, 1_000_000)) {
      const event = v.parse(Event, JSON.parse(json));
      ok(event.seq > this.#seq, "numbers grow");
      this.#seq = event.seq;

      this.#take(this.#rows, event);
    }
  }

  /** Compares what it holds with the database. */
  judge(db: Connection): void {
    const now = currentRows(db);
    deepEqual(this.#rows ?? now, now);
  }

  #take(rows: Rows, { event, data }: Pick<HeardEvent, "event" | "data">): void {
    switch (event) {
      case "message.created": {
        const { sender_name: _name, conversation_id: _conversation, deleted_at, ...message } =
          data["message"];
        return this.#add(rows.messages, { ...message, deleted: deleted_at !== null }, event);
      }
      case "message.updated":
        return this.#change(known(rows.messages, data["message_id"]), data, event);
      case "message.deleted":
      case "message.restored": {
        const message = known(rows.messages, data["message_id"]);
        const deleted = event === "message.deleted";
        if (this.#strict) ok(message["deleted"] !== deleted, `${event} twice`);
        message["deleted"] = deleted;
        if (data["for_good"] === true) message["content"] = null;
        return;
      }
      case "reaction.added": {
        const { sender_name: _name, removed_at: _removed, ...reaction } = data["reaction"];
        if (this.#strict) standsAlone(rows.reactions, reaction);
        return this.#add(rows.reactions, reaction, event);
      }
      case "reaction.removed":
        ok(rows.reactions.delete(data["reaction"].id), "a tapback is taken away that is not there");
        return;
      case "attachment.created":
        return this.#add(rows.attachments, { ...data["attachment"] }, event);
      case "attachment.updated":
        return this.#change(known(rows.attachments, data["attachment"].id), data, event);
      case "chat.created": {
        const { created_date: _c, last_message_date: _l, total_messages: _t, ...chat } = data["chat"];
        return this.#add(rows.chats, { ...chat, participants: sorted(chat.participants) }, event);
      }
      case "chat.updated":
      case "chat.deleted":
        return this.#change(known(rows.chats, data["chat"].id), data, event);
      case "chat.participants":
        return moveMembers(known(rows.chats, data["chat_id"]), v.parse(Moved, data));
      case "contact.created":
        return this.#add(rows.contacts, { id: data["contact_id"], name: data["name"] }, event);
      case "contact.updated":
        known(rows.contacts, data["contact_id"])["name"] = data["name"];
        return;
      default:
        throw new Error(`No client knows ${event}`);
    }
  }

  #add(rows: Map<number, Fields>, row: unknown, event: string): void {
    const fields = v.parse(Id, row);
    ok(!rows.has(fields.id), `${event} of what was there`);
    rows.set(fields.id, { ...fields });
  }

  #change(row: Fields, data: unknown, event: string): void {
    const { changed, values } = v.parse(Changed, data);
    ok(changed.length > 0, `${event} of nothing`);
    deepEqual(Object.keys(values).toSorted(), changed.toSorted(), event);
    for (const column of changed) {
      if (this.#strict) ok(row[column] !== values[column], `${event}: ${column} did not differ`);
      row[column] = values[column];
    }
  }
}

function known(rows: Map<number, Fields>, id: unknown): Fields {
  const row = typeof id === "number" ? rows.get(id) : undefined;
  if (row === undefined) throw new Error(`An event speaks of what was never told: ${String(id)}`);
  return row;
}

/** A sender has one tapback on a part of a message, at any moment; stickers stand beside each other. */
function standsAlone(reactions: Map<number, Fields>, one: Fields): void {
  if (one["reaction_type"] === "sticker") return;
  const others = [...reactions.values()].filter((other) =>
    other["reaction_type"] !== "sticker" &&
    ["original_message_guid", "original_part", "sender_id"].every((column) => other[column] === one[column])
  );
  deepEqual(others, [], "two tapbacks of one sender stand");
}

function moveMembers(chat: Fields, { added, removed }: v.InferOutput<typeof Moved>): void {
  const members = new Set(numbers(chat["participants"]));
  for (const id of removed) ok(members.delete(id), "a member leaves who was not there");
  for (const id of added) ok(!members.has(id), "a member comes who was there");
  chat["participants"] = sorted([...members, ...added]);
}

function numbers(value: unknown): number[] {
  return v.parse(v.array(v.number()), value);
}
function sorted(value: unknown): number[] {
  return numbers(value).toSorted((a, b) => a - b);
}

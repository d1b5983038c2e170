/**
 * Every message that the program sends to a client, over WebSocket and sidecar stdout alike.
 *
 * This file imports nothing, so that a client written in TypeScript can take it as it is. PROTOCOL.md in
 * src/notify/ documents the same in prose; a test keeps the two equal. Times are milliseconds since 1970 UTC unless
 * the name says otherwise; `at` is ISO 8601.
 *
 * Exported for its test.
 */
export const STORED_EVENTS = [
  "message.created",
  "message.updated",
  "message.deleted",
  "message.restored",
  "reaction.added",
  "reaction.removed",
  "attachment.created",
  "attachment.updated",
  "chat.created",
  "chat.updated",
  "chat.deleted",
  "chat.participants",
  "contact.created",
  "contact.updated",
  "contact.merged",
  "contact.unmerged",
] as const;
export type StoredEventName = typeof STORED_EVENTS[number];

/** Exported for its test. */
export const TRANSIENT_EVENTS = [
  "sync.completed",
  "import.progress",
  "import.completed",
  "state.changed",
] as const;
export type TransientEventName = typeof TRANSIENT_EVENTS[number];

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export interface MessageData {
  readonly id: number;
  readonly guid: string;
  readonly chat_id: number;
  /** NULL when the source names no sender (a group message whose handle is gone). */
  readonly sender_id: number | null;
  readonly sender_name: string | null;
  readonly content: string | null;
  readonly timestamp: number | null;
  readonly is_from_me: boolean;
  readonly message_type: string;
  readonly service_name: string | null;
  readonly reply_to_guid: string | null;
  readonly conversation_id: number | null;
  readonly date_read: number | null;
  readonly date_delivered: number | null;
  readonly date_edited: number | null;
  readonly date_retracted: number | null;
  readonly deleted_at: number | null;
  /** Apple's code of why a message of mine was not sent; null when nothing is wrong. */
  readonly send_error: number | null;
}

export interface ReactionData {
  readonly id: number;
  readonly guid: string;
  readonly original_message_guid: string;
  readonly original_part: number;
  readonly chat_id: number | null;
  readonly sender_id: number | null;
  readonly sender_name: string | null;
  readonly reaction_type: ReactionType;
  readonly emoji: string | null;
  readonly timestamp: number | null;
  readonly removed_at: number | null;
}

/** Exported for its test. */
export const REACTION_TYPES = [
  "love",
  "like",
  "dislike",
  "laugh",
  "emphasize",
  "question",
  "emoji",
  "sticker",
] as const;
export type ReactionType = typeof REACTION_TYPES[number];

export interface AttachmentData {
  readonly id: number;
  readonly guid: string;
  readonly message_id: number | null;
  readonly file_name: string | null;
  readonly path: string | null;
  readonly mime_type: string | null;
  readonly uti: string | null;
  readonly size: number | null;
  readonly created_date: number | null;
  readonly is_sticker: boolean;
  readonly transfer_state: number | null;
  readonly deleted_at: number | null;
}

export interface ChatData {
  readonly id: number;
  readonly chat_identifier: string;
  readonly chat_name: string | null;
  readonly is_group: boolean;
  readonly service_name: string | null;
  readonly created_date: number | null;
  readonly last_message_date: number | null;
  readonly total_messages: number;
  readonly is_archived: boolean;
  readonly deleted_at: number | null;
  readonly participants: readonly number[];
}

/** `changed` names the columns that differ; `values` holds their new values, keyed by column. */
export interface Changes {
  readonly changed: readonly string[];
  readonly values: { readonly [column: string]: JsonValue };
}

export interface ReactionChange {
  readonly reaction: ReactionData;
  /** Null where we do not have the message that it is on. */
  readonly message_id: number | null;
  readonly chat_id: number | null;
}

export interface AttachmentChange {
  readonly attachment: AttachmentData;
  readonly message_id: number | null;
  readonly chat_id: number | null;
}

export interface EventData {
  "message.created": {
    readonly message: MessageData;
    readonly backfill: boolean;
    /** From the message's time to our commit; null where it has no time. */
    readonly late_ms: number | null;
  };
  "message.updated":
    & { readonly message_id: number; readonly guid: string; readonly chat_id: number }
    & Changes;
  "message.deleted": {
    readonly message_id: number;
    readonly guid: string;
    readonly chat_id: number;
    /** Its text is gone, too; else it lies in Recently Deleted and may be restored. */
    readonly for_good: boolean;
  };
  "message.restored": { readonly message_id: number; readonly guid: string; readonly chat_id: number };
  "reaction.added": ReactionChange;
  "reaction.removed": ReactionChange;
  "attachment.created": AttachmentChange;
  "attachment.updated": AttachmentChange & Changes;
  "chat.created": { readonly chat: ChatData; readonly changed: readonly string[] };
  "chat.updated": { readonly chat: ChatData } & Changes;
  "chat.deleted": { readonly chat: ChatData; readonly changed: readonly string[] };
  "chat.participants": {
    readonly chat_id: number;
    readonly added: readonly number[];
    readonly removed: readonly number[];
  };
  "contact.created": ContactChange;
  "contact.updated": ContactChange;
  "contact.merged": MergeChange;
  "contact.unmerged": MergeChange;
}

export interface ContactChange {
  readonly contact_id: number;
  readonly name: string;
  readonly previous_name: string | null;
  readonly update_type: "created" | "name_updated" | "details_updated";
  readonly identifiers: readonly string[];
}

export interface MergeChange {
  readonly from_id: number;
  readonly into_id: number;
  /** What the two were called: before a merge, after an undo. Events that an older version stored lack them. */
  readonly from_name: string | undefined;
  readonly into_name: string | undefined;
  readonly merge_id: number;
  readonly reason: string;
  readonly messages: number;
  readonly reactions: number;
  readonly participants: number;
}

/** A change, stored in the same transaction as the rows it speaks of. */
export type StoredEvent = {
  readonly [Name in StoredEventName]: {
    readonly type: "event";
    readonly seq: number;
    readonly at: string;
    readonly event: Name;
    readonly topics: readonly string[];
    readonly data: EventData[Name];
  };
}[StoredEventName];

export interface TransientData {
  "sync.completed": {
    readonly created: number;
    readonly updated: number;
    readonly deleted: number;
    readonly reactions: number;
    readonly attachments: number;
    /** Contacts that are new or changed; of a contact sync (`reason` begins with `contacts_`) the merges, too. */
    readonly contacts: number;
    readonly merged: number;
    readonly pending: number;
    readonly duration_ms: number;
    readonly reason: string;
  };
  "import.progress": { readonly done: number; readonly total: number };
  "import.completed": { readonly done: number; readonly total: number };
  "state.changed": { readonly state: SyncState; readonly reason: string; readonly hint: string };
}

/** Name and data of a transient event. */
export type Transient = {
  readonly [Name in TransientEventName]: { readonly event: Name; readonly data: TransientData[Name] };
}[TransientEventName];

/** An event of the topic `sync`: no `seq`, not stored, not replayed. */
export type TransientEvent = Transient & {
  readonly type: "event";
  readonly at: string;
  readonly topics: readonly ["sync"];
};

/** Exported for its test. */
export const SYNC_STATES = [
  "starting",
  "importing",
  "live",
  "needs_permission",
  "source_missing",
  "failed",
] as const;
export type SyncState = typeof SYNC_STATES[number];

/** First line of a sidecar's stdout. */
export interface ReadyMessage {
  readonly type: "ready";
  readonly version: string;
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  readonly ws: string;
  readonly token: string;
  readonly database: string;
  readonly feed: string;
  readonly seq: number;
}

/** Last line of a sidecar's stdout when a failure ends the program. */
export interface FatalMessage {
  readonly type: "fatal";
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What a client may send; `sync` and `shutdown` on a sidecar's stdin alone. */
export type ClientMessage =
  | {
    readonly type: "subscribe";
    readonly topics: readonly string[];
    readonly after?: number | undefined;
    readonly feed?: string | undefined;
  }
  | { readonly type: "unsubscribe"; readonly topics: readonly string[] }
  | { readonly type: "ping" }
  | { readonly type: "sync" }
  | { readonly type: "shutdown" };

/** What comes back besides events. */
export type ServerMessage =
  | ReadyMessage
  | FatalMessage
  | {
    readonly type: "subscribed";
    readonly topics: readonly string[];
    readonly seq: number;
    readonly feed: string;
  }
  | { readonly type: "unsubscribed"; readonly topics: readonly string[]; readonly seq: number }
  | { readonly type: "pong" }
  | { readonly type: "resync"; readonly oldest: number; readonly seq: number; readonly feed: string }
  | ({ readonly type: "synced" } & SyncSummary)
  | { readonly type: "stopping" }
  | { readonly type: "error"; readonly code: string; readonly message: string };

/** What one complete catch-up did; the first three count messages. */
export interface SyncSummary {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly pending: number;
  readonly contacts: number;
  readonly merged: number;
  readonly duration_ms: number;
}

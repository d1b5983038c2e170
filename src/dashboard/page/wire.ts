/** What the read API answers, as far as the page looks at it. PROTOCOL.md beside the server tells the rest. */
import type { AttachmentData, MessageData, ReactionType } from "../../model/events.ts";

export interface Person {
  readonly id: number;
  readonly name: string;
}

export interface ChatItem {
  readonly id: number;
  readonly title: string;
  /** Apple's: of a chat of two the address that it goes to. */
  readonly chat_identifier: string;
  readonly is_group: boolean;
  readonly service_name: string | null;
  readonly is_archived: boolean;
  readonly last_message_date: number | null;
  readonly total_messages: number;
  readonly participants: readonly Person[];
  readonly last_message: LastMessage | null;
}

export interface LastMessage {
  readonly id: number;
  readonly guid: string;
  /** Its beginning, where it is long. */
  readonly content: string | null;
  readonly is_from_me: boolean;
  readonly sender_name: string | null;
  readonly attachments: number;
  readonly date_retracted: number | null;
}

export interface MessageItem extends MessageData {
  readonly reactions: readonly {
    readonly id: number;
    readonly sender_id: number | null;
    readonly sender_name: string | null;
    readonly reaction_type: ReactionType;
    readonly emoji: string | null;
  }[];
  readonly attachments: readonly Pick<
    AttachmentData,
    "id" | "file_name" | "mime_type" | "size" | "is_sticker"
  >[];
  readonly edits: readonly {
    readonly part: number;
    readonly version: number;
    readonly content: string | null;
    readonly edited_at: number | null;
  }[];
}

export interface Activity {
  readonly items: readonly {
    readonly date: string;
    readonly start: number;
    readonly sent: number;
    readonly received: number;
  }[];
  readonly sent: number;
  readonly received: number;
  readonly contacts: readonly (Person & { readonly total: number; readonly days: readonly number[] })[];
  readonly others: { readonly contacts: number; readonly total: number; readonly days: readonly number[] };
}

export interface ContactItem extends Person {
  readonly name_source: "me" | "identifier" | "addressbook" | "addressbook_gone" | "user";
  readonly organization: string | null;
  readonly is_me: boolean;
  readonly identifiers: readonly {
    readonly id: number;
    readonly identifier: string;
    readonly is_shared: boolean;
  }[];
}

export interface MergeItem {
  readonly id: number;
  readonly from_id: number;
  readonly into_id: number;
  readonly from_name: string;
  readonly into_name: string;
  readonly reason: string;
  readonly created_at: number;
  readonly undone_at: number | null;
  readonly undone_by: "user" | "cards" | null;
}

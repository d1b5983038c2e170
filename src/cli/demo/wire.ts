/** What the demo's WebSocket client makes of the messages it gets: a line to show, or nothing. Pure. */
import * as v from "valibot";
import {
  EDITED,
  fileWords,
  renameTold,
  sentWords,
  tapbackSign,
  tapbackWords,
  UNSENT,
} from "../../model/event_words.ts";

/** One thing that happened, in words. The conversations are invented, so their text may be shown. */
export interface Happened {
  readonly kind: "message" | "tapback" | "attachment" | "change" | "contact";
  /** Null where the event speaks of a message alone: the caller knows or asks which chat that is in. */
  readonly chatId: number | null;
  readonly messageId: number | null;
  /** GUID of the message that a tapback is on; null for everything else. */
  readonly target: string | null;
  /** Leads to that message. */
  readonly targetWord: string;
  readonly who: string | null;
  readonly text: string;
  /** Whether `text` is what `who` wrote, not what we say of them. */
  readonly isSpoken: boolean;
  /** Two contacts that became one or two again; null for everything else. */
  readonly merge: DemoMerge | null;
  /** Our number of an attachment; null for everything else. */
  readonly attachmentId: number | null;
  /** When Messages wrote it, in milliseconds since 1970; null where the row doesn't say. */
  readonly writtenAt: number | null;
}

export interface DemoMerge {
  readonly fromId: number;
  readonly intoId: number;
  readonly messages: number;
  readonly isUndone: boolean;
}

const nullableText = v.nullable(v.string());
const nullableNumber = v.nullable(v.number());

const Message = v.object({
  id: v.number(),
  guid: v.string(),
  chat_id: v.number(),
  sender_name: nullableText,
  content: nullableText,
  timestamp: nullableNumber,
  is_from_me: v.boolean(),
});
const Reaction = v.object({
  chat_id: nullableNumber,
  original_message_guid: v.string(),
  sender_name: nullableText,
  reaction_type: v.string(),
  emoji: nullableText,
  timestamp: nullableNumber,
});
const Attachment = v.object({ id: v.number(), file_name: nullableText, mime_type: nullableText });
const Merge = v.object({ from_id: v.number(), into_id: v.number(), messages: v.number() });

const WireEvent = v.variant("event", [
  v.object({ event: v.literal("message.created"), data: v.object({ message: Message }) }),
  v.object({
    event: v.literal("message.updated"),
    data: v.object({
      message_id: v.number(),
      values: v.object({
        content: v.optional(nullableText),
        date_edited: v.optional(nullableNumber),
        date_retracted: v.optional(nullableNumber),
      }),
    }),
  }),
  v.object({ event: v.literal("reaction.added"), data: v.object({ reaction: Reaction }) }),
  v.object({ event: v.literal("reaction.removed"), data: v.object({ reaction: Reaction }) }),
  v.object({
    event: v.literal("attachment.created"),
    data: v.object({ attachment: Attachment, message_id: nullableNumber }),
  }),
  v.object({
    event: v.literal("contact.updated"),
    data: v.object({
      name: v.string(),
      previous_name: nullableText,
      update_type: v.string(),
      identifiers: v.array(v.string()),
    }),
  }),
  v.object({ event: v.literal("contact.merged"), data: Merge }),
  v.object({ event: v.literal("contact.unmerged"), data: Merge }),
]);

const NOTHING = {
  chatId: null,
  messageId: null,
  target: null,
  targetWord: "",
  who: null,
  isSpoken: false,
  writtenAt: null,
  merge: null,
  attachmentId: null,
} as const;

/** Null for what the demo leaves out: receipts, counters, answers to our own requests. */
export function happenedIn(wire: unknown): Happened | null {
  const parsed = v.safeParse(WireEvent, wire);
  if (!parsed.success) return null;
  const { event, data } = parsed.output;
  switch (event) {
    case "message.created":
      return written(data.message);
    case "message.updated": {
      const { content, date_edited: edited, date_retracted: unsent } = data.values;
      const base = { ...NOTHING, kind: "change" as const, messageId: data.message_id };
      if (unsent) return { ...base, text: UNSENT, writtenAt: unsent };
      return edited ? { ...base, text: `${EDITED}: ${content ?? "(no text)"}`, writtenAt: edited } : null;
    }
    case "reaction.added":
    case "reaction.removed":
      return reacted(data.reaction, event === "reaction.added");
    case "attachment.created":
      return {
        ...NOTHING,
        kind: "attachment",
        messageId: data.message_id,
        text: fileWords(data.attachment),
        attachmentId: data.attachment.id,
      };
    case "contact.updated": {
      if (data.update_type !== "name_updated" || data.previous_name === null) return null;
      const { who, what } = renameTold(data, data.previous_name);
      return { ...NOTHING, kind: "contact", text: `${who} ${what}` };
    }
    case "contact.merged":
    case "contact.unmerged": {
      const { from_id: fromId, into_id: intoId, messages } = data;
      const merge = { fromId, intoId, messages, isUndone: event === "contact.unmerged" };
      // Whose names these are, the caller knows or asks.
      return { ...NOTHING, kind: "contact", text: "", merge };
    }
  }
}

function written(message: v.InferOutput<typeof Message>): Happened {
  return {
    ...NOTHING,
    kind: "message",
    chatId: message.chat_id,
    messageId: message.id,
    who: message.is_from_me ? "Me" : message.sender_name,
    text: message.content ?? sentWords([]),
    isSpoken: message.content !== null,
    writtenAt: message.timestamp,
  };
}

function reacted(reaction: v.InferOutput<typeof Reaction>, isAdded: boolean): Happened {
  const { what, word } = tapbackWords(isAdded, tapbackSign(reaction.reaction_type, reaction.emoji));
  return {
    ...NOTHING,
    kind: "tapback",
    chatId: reaction.chat_id,
    target: reaction.original_message_guid,
    targetWord: word,
    who: reaction.sender_name,
    text: what,
    // The row of a removed tapback tells when it was added.
    writtenAt: isAdded ? reaction.timestamp : null,
  };
}

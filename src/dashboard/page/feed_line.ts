/** What the feed shows of an event: pure. Names and what happened apart from the words somebody wrote. */
import {
  EDITED,
  fileWords,
  type MergeNames,
  mergeTold,
  renameTold,
  type SentFile,
  sentWords,
  tapbackSign,
  tapbackWords,
  type Told,
  unmergeTold,
  UNSENT,
} from "../../model/event_words.ts";
import type { EventData, JsonValue, StoredEvent } from "../../model/events.ts";

/** What the reader is called. */
export const YOU = "You";

export type FeedKind = "message" | "change" | "reaction" | "file" | "chat" | "contact";

export interface FeedLine {
  readonly seq: number;
  readonly atMs: number;
  readonly kind: FeedKind;
  /** Who did it; empty where nobody can be named. */
  readonly who: string;
  /** What was done, in our words; for a message nothing. */
  readonly what: string;
  /** What somebody wrote: shown only when the person asks. */
  readonly text: string | null;
  readonly chatId: number | null;
  /** The message whose text this is: the text goes when the message does. */
  readonly message: { readonly id: number; readonly guid: string } | null;
  /** Another message that this is about, by its guid or our number, and the word that leads to it. */
  readonly about: { readonly message: string | number; readonly word: string } | null;
  /** Two contacts that became one or two again, whose names are often known only later. */
  readonly merge: Merge | null;
  /** A message's that has no text, as far as they came; of a file's own line that file. */
  readonly files: readonly FeedFile[];
  readonly fromMe: boolean;
}

export interface Merge {
  readonly id: number;
  readonly isUndone: boolean;
  readonly messages: number;
}

export interface FeedFile extends SentFile {
  /** Of the event that told of it. */
  readonly seq: number;
}

/** What is to be done with the feed: a new line, words to take back, both or neither. */
export interface FeedChange {
  readonly line: FeedLine | null;
  /** This message was unsent or deleted: its words are no longer shown. */
  readonly forget: number | null;
}

const PERSON_WORDS: Readonly<Record<EventData["contact.updated"]["update_type"], string>> = {
  created: "is a new contact",
  name_updated: "has a new name",
  details_updated: "has new details",
};

/** The person names, by the number of a contact, where the page knows one. */
export type NameOf = (contactId: number) => string | null;

/** Makes a line of the event at hand. */
type MakeLine = (part: Partial<FeedLine> & Pick<FeedLine, "kind">) => FeedLine;

/** Signs that were delivered or read, and what a conversation's grouping changes, are no news. */
export function feedChange(event: StoredEvent, nameOf: NameOf): FeedChange {
  const line: MakeLine = (part) => ({
    seq: event.seq,
    atMs: Date.parse(event.at),
    who: "",
    what: "",
    text: null,
    chatId: chatOf(event.topics),
    message: null,
    about: null,
    merge: null,
    files: [],
    fromMe: false,
    ...part,
  });
  const says = (part: Parameters<MakeLine>[0]): FeedChange => ({ line: line(part), forget: null });
  switch (event.event) {
    case "message.created":
      return says(messageWritten(event.data.message));
    case "message.updated":
      return messageUpdate(event.data, line);
    case "message.deleted":
      return { line: line({ kind: "change", what: "A message was deleted" }), forget: event.data.message_id };
    case "message.restored":
      return says({ kind: "change", what: "A message was taken back out of Recently Deleted" });
    case "reaction.added":
    case "reaction.removed":
      return says(tapback(event.data.reaction, event.event === "reaction.added", nameOf));
    case "attachment.created": {
      const { attachment, message_id } = event.data;
      return says({
        kind: "file",
        what: fileWords(attachment),
        files: [{ file_name: attachment.file_name, mime_type: attachment.mime_type, seq: event.seq }],
        about: message_id === null ? null : { message: message_id, word: "of" },
      });
    }
    // A chat of two begins with its first message, and is called what the person is called: both are told anyway.
    case "chat.created":
      return event.data.chat.is_group ? says({ kind: "chat", what: "A new group" }) : NOTHING;
    case "chat.updated":
      return event.data.chat.is_group && event.data.changed.includes("chat_name")
        ? says({ kind: "chat", what: "is the group’s name now" })
        : NOTHING;
    case "chat.deleted":
      return says({ kind: "chat", what: "A chat was deleted" });
    case "chat.participants":
      return says({ kind: "chat", what: participants(event.data, nameOf) });
    case "contact.created":
    case "contact.updated":
      return says({ kind: "contact", chatId: null, ...person(event.data) });
    case "contact.merged":
    case "contact.unmerged": {
      const isUndone = event.event === "contact.unmerged";
      return says({ kind: "contact", chatId: null, ...merge(event.data, isUndone, nameOf) });
    }
    case "attachment.updated":
      return NOTHING;
  }
}

function messageWritten(message: EventData["message.created"]["message"]): Parameters<MakeLine>[0] {
  return {
    kind: "message",
    who: message.is_from_me ? YOU : message.sender_name ?? "Somebody",
    what: message.content === null ? sentWords([]) : "",
    text: message.content,
    message: { id: message.id, guid: message.guid },
    fromMe: message.is_from_me,
  };
}

function tapback(
  { sender_id, sender_name, reaction_type, emoji, original_message_guid }:
    EventData["reaction.added"]["reaction"],
  isAdded: boolean,
  nameOf: NameOf,
): Parameters<MakeLine>[0] {
  const { what, word } = tapbackWords(isAdded, tapbackSign(reaction_type, emoji));
  return {
    kind: "reaction",
    who: sender_id === null ? "Somebody" : nameOf(sender_id) ?? sender_name ?? "Somebody",
    what,
    about: { message: original_message_guid, word },
  };
}

const NOTHING: FeedChange = { line: null, forget: null };

function chatOf(topics: readonly string[]): number | null {
  const topic = topics.find((each) => each.startsWith("chat:"));
  return topic === undefined ? null : Number(topic.slice("chat:".length));
}

function isSet(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== 0;
}

function messageUpdate(
  { message_id, guid, changed, values }: EventData["message.updated"],
  line: (part: Partial<FeedLine> & Pick<FeedLine, "kind">) => FeedLine,
): FeedChange {
  const content = values["content"];
  const text = typeof content === "string" ? content : null;
  if (isSet(values["date_retracted"])) {
    return { line: line({ kind: "change", what: UNSENT }), forget: message_id };
  }
  if (changed.includes("content") || isSet(values["date_edited"])) {
    // What stood before the edit goes out of the feed, too.
    const edited = line({ kind: "change", what: EDITED, text, message: { id: message_id, guid } });
    return { line: edited, forget: null };
  }
  if (isSet(values["send_error"])) {
    return { line: line({ kind: "change", what: "A message could not be sent" }), forget: null };
  }
  return NOTHING;
}

function participants({ added, removed }: EventData["chat.participants"], nameOf: NameOf): string {
  const names = (ids: readonly number[]) => ids.map((id) => nameOf(id) ?? "somebody").join(", ");
  return [
    ...added.length > 0 ? [`${names(added)} joined`] : [],
    ...removed.length > 0 ? [`${names(removed)} left`] : [],
  ].join("; ");
}

function person(change: EventData["contact.updated"]): Told {
  const { name, previous_name, update_type } = change;
  return update_type === "name_updated" && previous_name !== null
    ? renameTold(change, previous_name)
    : { who: name, what: PERSON_WORDS[update_type] };
}

function merge(
  { from_id, from_name, into_id, into_name, merge_id, messages }: EventData["contact.merged"],
  isUndone: boolean,
  nameOf: NameOf,
): Told & { readonly merge: Merge } {
  const names = {
    from: nameOf(from_id) ?? from_name ?? "A contact",
    into: nameOf(into_id) ?? into_name ?? "another contact",
  };
  const merge = { id: merge_id, isUndone, messages };
  return { ...toldOfMerge(merge, names), merge };
}

export function toldOfMerge({ isUndone, messages }: Merge, names: MergeNames): Told {
  return isUndone ? unmergeTold(names) : mergeTold(names, messages);
}

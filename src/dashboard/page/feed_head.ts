/** Who, where and what, as a line of the feed begins: pure. */
import type { MergeNames } from "../../model/event_words.ts";
import { type FeedLine, toldOfMerge, YOU } from "./feed_line.ts";
import type { MessageAtHand } from "./messages_at_hand.ts";

export interface KnownChat {
  readonly title: string;
  readonly isGroup: boolean;
}

export interface FeedHead {
  /** Empty where nobody can be named. */
  readonly who: string;
  /** Empty where `who` says it already. */
  readonly where: string;
  /** What was done; empty where the words that follow say it. */
  readonly what: string;
}

/** What is known by now, when the line is drawn, of what it speaks of. */
export interface KnownOfLine {
  readonly chat: KnownChat | undefined;
  /** The message that the line is about, whose sender sent its files, too. */
  readonly about: MessageAtHand | undefined;
  readonly merge: MergeNames | undefined;
}

export function headOf(line: FeedLine, { chat, about, merge }: KnownOfLine): FeedHead {
  if (line.merge !== null && merge !== undefined) return { ...toldOfMerge(line.merge, merge), where: "" };
  const isFile = line.kind === "file" && about !== undefined;
  const who = isFile ? about.who : line.who;
  return { who, where: place(who, isFile ? about.fromMe : line.fromMe, chat), what: line.what };
}

function place(who: string, fromMe: boolean, chat: KnownChat | undefined): string {
  if (chat === undefined || chat.title === who) return "";
  if (who === "") return chat.title;
  if (fromMe) return `to ${chat.title}`;
  if (chat.isGroup) return `in ${chat.title}`;
  // In a chat of two, whoever is not the reader is the one it is called by, if under another name.
  return who === YOU ? `to ${chat.title}` : "";
}

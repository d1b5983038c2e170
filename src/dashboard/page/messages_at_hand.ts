/** What the page has at hand of messages that a line only speaks of: pure. Nothing is asked of the program for it. */
import { type FeedLine, YOU } from "./feed_line.ts";
import type { LastMessage, MessageItem } from "./wire.ts";

export interface MessageAtHand {
  /** Who wrote it; empty where nobody can be named. */
  readonly who: string;
  readonly fromMe: boolean;
  /** null: none, hidden from us, or taken back. */
  readonly text: string | null;
}

/** By a message's guid and by our number of it, as either may be all that an event tells. */
export type MessagesAtHand = ReadonlyMap<string | number, MessageAtHand>;

/** The feed stands above the lists: it hears first that words were taken back or are others. */
export function messagesAtHand(
  lines: readonly FeedLine[],
  listed: readonly (MessageItem | LastMessage)[],
): MessagesAtHand {
  const found = new Map<string | number, MessageAtHand>();
  const learn = ({ id, guid }: { readonly id: number; readonly guid: string }, said: MessageAtHand) => {
    const known = found.get(id);
    const sender = known === undefined || known.who === "" ? said : known;
    const both = {
      who: sender.who,
      fromMe: sender.fromMe,
      text: known === undefined ? said.text : known.text,
    };
    found.set(id, both).set(guid, both);
  };
  for (const { message, who, fromMe, text } of lines) {
    if (message !== null) learn(message, { who, fromMe, text });
  }
  for (const message of listed) {
    const { is_from_me, sender_name, content } = message;
    learn(message, { who: is_from_me ? YOU : sender_name ?? "", fromMe: is_from_me, text: content });
  }
  return found;
}

/** So many characters, as people count them, tell which message is meant. */
const MOST_SIGNS = 40;
/** No sign that people know is longer than this many code units on the average. */
const ENOUGH_UNITS = 16 * MOST_SIGNS;

/** The beginning of a text, in one line. */
export function cutShort(text: string): string {
  const line = text.slice(0, ENOUGH_UNITS).replace(/\s+/gu, " ").trim();
  const signs = [...new Intl.Segmenter().segment(line)];
  if (signs.length <= MOST_SIGNS && text.length <= ENOUGH_UNITS) return line;
  return `${signs.slice(0, MOST_SIGNS).map(({ segment }) => segment).join("").trimEnd()}…`;
}

import type { ReactionType } from "../model/events.ts";

/**
 * The word for a tapback's `associated_message_type`, or null for another number.
 * 2000–2005 are the six classic ones, 2006 any emoji, 2007 and the older 1000 stickers (facts seen on macOS 13–26).
 */
export function reactionType(code: number): ReactionType | null {
  switch (code) {
    case 2000:
      return "love";
    case 2001:
      return "like";
    case 2002:
      return "dislike";
    case 2003:
      return "laugh";
    case 2004:
      return "emphasize";
    case 2005:
      return "question";
    case 2006:
      return "emoji";
    case 1000:
    case 2007:
      return "sticker";
    default:
      return null;
  }
}

import type { TapbackInput, TapbackKind } from "./inputs.ts";

/** `associated_message_type` of an added tapback; its removal is 1,000 more. */
export const TAPBACK_CODES: Readonly<Record<TapbackKind, number>> = {
  love: 2000,
  like: 2001,
  dislike: 2002,
  laugh: 2003,
  emphasize: 2004,
  question: 2005,
  emoji: 2006,
  sticker: 2007,
  oldSticker: 1000,
};

/** What the target column holds: `p:N/GUID`, `bp:GUID`, or the GUID alone. */
export function tapbackTarget(input: TapbackInput): string {
  switch (input.targetForm ?? "part") {
    case "part":
      return `p:${input.part ?? 0}/${input.target}`;
    case "balloon":
      return `bp:${input.target}`;
    case "bare":
      return input.target;
  }
}

const ADDED: Readonly<Record<TapbackKind, string>> = {
  love: "Loved",
  like: "Liked",
  dislike: "Disliked",
  laugh: "Laughed at",
  emphasize: "Emphasized",
  question: "Questioned",
  emoji: "Reacted",
  sticker: "Reacted with a sticker to",
  oldSticker: "",
};

const REMOVED: Readonly<Record<TapbackKind, string>> = {
  love: "Removed a heart from",
  like: "Removed a like from",
  dislike: "Removed a dislike from",
  laugh: "Removed a laugh from",
  emphasize: "Removed an exclamation from",
  question: "Removed a question mark from",
  emoji: "Removed",
  sticker: "Removed a sticker from",
  oldSticker: "",
};

/** The sentence that Messages stores for devices that know no tapbacks: Loved “Dinner at 7?”. */
export function tapbackText(input: TapbackInput, quoted: string, isRemoval: boolean): string {
  const verb = (isRemoval ? REMOVED : ADDED)[input.kind];
  const emoji = input.kind === "emoji" ? ` ${input.emoji ?? ""} ${isRemoval ? "from" : "to"}` : "";
  return `${verb}${emoji} “${quoted}”`;
}

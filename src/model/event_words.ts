/** What happened, in the words that the page's feed and the demo's terminal share: pure. */
import type { AttachmentData, ContactChange } from "./events.ts";

/** Who it is about, and what happened; one behind the other they are a sentence. */
export interface Told {
  readonly who: string;
  readonly what: string;
}

/** What is told of a file. */
export type SentFile = Pick<AttachmentData, "file_name" | "mime_type">;

export interface MergeNames {
  readonly from: string;
  readonly into: string;
}

/** Who was a number or an address until now "is" somebody; who had a name is called otherwise. */
export function renameTold(
  { name, identifiers }: Pick<ContactChange, "name" | "identifiers">,
  before: string,
): Told {
  return { who: before, what: `${identifiers.includes(before) ? "is" : "is now called"} ${name}` };
}

/** `messages`: how many came from the one to the other. */
export function mergeTold({ from, into }: MergeNames, messages: number): Told {
  const counted = `(${messages} ${messages === 1 ? "message" : "messages"})`;
  return from === into
    ? { who: into, what: `has one more number or address ${counted}` }
    : { who: from, what: `and ${into} are one person ${counted}` };
}

export function unmergeTold({ from, into }: MergeNames): Told {
  return from === into
    ? { who: into, what: "is two contacts again" }
    : { who: from, what: `and ${into} are two contacts again` };
}

/** A message that has no text: its files are what was sent. */
export function sentWords(files: readonly SentFile[]): string {
  const [first, ...rest] = files;
  if (first === undefined) return "sent something without text";
  const kind = files.every((file) => kindOf(file) === kindOf(first)) ? kindOf(first) : "file";
  const names = files.map(nameOf).join(", ");
  return rest.length === 0 ? `sent a ${kind}: ${names}` : `sent ${files.length} ${kind}s: ${names}`;
}

/** A file that is told of on its own, as its message has a text or isn't at hand. */
export function fileWords(file: SentFile): string {
  const kind = kindOf(file);
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}: ${nameOf(file)}`;
}

function kindOf({ mime_type: type }: SentFile): "picture" | "video" | "file" {
  if (type?.startsWith("image/")) return "picture";
  return type?.startsWith("video/") ? "video" : "file";
}

function nameOf({ file_name: name }: SentFile): string {
  return name ?? "without a name";
}

const TAPBACKS: Readonly<Record<string, string>> = {
  love: "❤️",
  like: "👍",
  dislike: "👎",
  laugh: "😂",
  emphasize: "‼️",
  question: "❓",
  sticker: "a sticker",
};

/** A tapback's sign: the emoji that was picked, or the one that stands for its kind. */
export function tapbackSign(type: string, emoji: string | null): string {
  return emoji ?? TAPBACKS[type] ?? type;
}

/** What somebody did, and the word that leads to the message that they did it to. */
export function tapbackWords(
  isAdded: boolean,
  sign: string,
): { readonly what: string; readonly word: string } {
  return isAdded ? { what: `reacted with ${sign}`, word: "to" } : { what: `took back ${sign}`, word: "from" };
}

/** Before the words that it says now. */
export const EDITED = "Edited to";

export const UNSENT = "A message was unsent";

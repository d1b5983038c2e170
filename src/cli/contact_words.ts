/** Contacts and merges as the API gives them, in words for a person. Pure. */
import * as v from "valibot";
import type { MergeReason } from "../model/contact.ts";
import { displayWidth } from "./demo/lines.ts";
import { grouped } from "./words.ts";

const nullableNumber = v.nullable(v.number());

/** What the words of a merge are made of. */
export const MergeWords = v.object({
  id: v.number(),
  from_id: v.number(),
  into_id: v.number(),
  from_name: v.string(),
  into_name: v.string(),
  reason: v.string(),
  created_at: v.number(),
  undone_at: nullableNumber,
  undone_by: v.nullable(v.string()),
});
export type MergeWords = Readonly<v.InferOutput<typeof MergeWords>>;

export const ContactWords = v.object({ id: v.number(), name: v.string(), name_source: v.string() });
export type ContactWords = Readonly<v.InferOutput<typeof ContactWords>>;

/** What a line of the list of people is made of. */
export const PersonWords = v.object({
  id: v.number(),
  name: v.string(),
  is_me: v.boolean(),
  // An instance of an older version does not tell it.
  messages: v.optional(nullableNumber, null),
  identifiers: v.array(v.object({ identifier: v.string() })),
});
export type PersonWords = Readonly<v.InferOutput<typeof PersonWords>>;

/** One line for each person, under a heading. */
export function contactsText(people: readonly PersonWords[], isSearch: boolean): string {
  if (people.length === 0) return isSearch ? "Nobody matches.\n" : "Nobody yet.\n";
  const rows = people.map(({ id, name, is_me: isMe, messages, identifiers }) => [
    String(id),
    isMe ? `${oneLine(name)} (you)` : oneLine(name),
    messages === null ? "–" : grouped(messages),
    identifiers.map(({ identifier }) => oneLine(identifier)).join(", "),
  ]);
  return table([["ID", "Name", "Messages", "Numbers and addresses"], ...rows]);
}

/** One line for each merge, under a heading. */
export function mergesText(merges: readonly MergeWords[]): string {
  if (merges.length === 0) return "No contacts were merged.\n";
  const rows = merges.map((merge) => [
    String(merge.id),
    dayAndTime(merge.created_at),
    `${oneLine(merge.from_name)} → ${oneLine(merge.into_name)}`,
    why(merge.reason),
    undoneText(merge),
  ]);
  return table([["ID", "When", "Who became whom", "Why", "Undone"], ...rows]);
}

const REASONS: Readonly<Record<MergeReason, string>> = {
  one_card: "both on one card",
  linked_cards: "their cards are linked",
  same_name: "cards of one name that share a number or address",
  nameless_on_card: "a card without a name joins them",
};

/** An instance of a later version may know more of them. */
function why(reason: string): string {
  return new Map(Object.entries(REASONS)).get(reason) ?? oneLine(reason);
}

function undoneText({ undone_at: at, undone_by: by }: MergeWords): string {
  if (at === null) return "";
  return by === "user" ? `${dayAndTime(at)}, by you` : `${dayAndTime(at)}, as the cards changed`;
}

export function undoneLine({ id, from_name: from, into_name: into }: MergeWords): string {
  return `Merge ${id} is undone: ${oneLine(from)} and ${oneLine(into)} are two contacts again.\n`;
}

export function renamedLine({ id, name, name_source: source }: ContactWords): string {
  return source === "user"
    ? `Contact ${id} is now ${oneLine(name)}.\n`
    : `Your name for contact ${id} was removed; it is ${oneLine(name)} again.\n`;
}

/** `2026-11-22 14:03`, local time. */
function dayAndTime(timestampMs: number): string {
  const at = new Date(timestampMs);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Whoever names a card must not steer the terminal: no line breaks, escape sequences or changes of direction. */
function oneLine(name: string): string {
  return name.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu, " ").trim();
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? "")))
  );
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(cell)))
    );
    return `${cells.join("  ").trimEnd()}\n`;
  }).join("");
}

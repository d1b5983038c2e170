/** The name that Contacts would show for a card. */
import type { NameOrder, RawCard } from "../model/raw_card.ts";

export type NameFields = Pick<
  RawCard,
  "isCompany" | "nameOrder" | "firstName" | "middleName" | "lastName" | "nickname" | "organization"
>;

/**
 * What the card could be called, the best first: the organisation of a company; else first and last name, nickname,
 * organisation. Empty where the card has none of them: a number or an address is no name.
 */
export function cardNames(card: NameFields): string[] {
  const organization = shownText(card.organization);
  const names = [personName(card), shownText(card.nickname), organization];
  const ordered = card.isCompany ? [organization, ...names] : names;
  return [...new Set(ordered.filter((name) => name !== null))];
}

/**
 * A text of a card as one line: without control characters and text-direction marks, which would garble what stands
 * beside it, and without spaces around it. Null when nothing is left.
 */
export function shownText(text: string | null): string | null {
  const line = (text ?? "").replace(/[\s\p{Zl}\p{Zp}]+/gu, " ").replace(UNSHOWN, "").replace(/ {2,}/g, " ")
    .trim();
  // Joiners and variation selectors alone show nothing.
  return /[^\p{Cf}\p{M}\s]/u.test(line) ? line : null;
}

/** Zero-width joiners stay: emoji and several scripts need them. A lone surrogate would not survive UTF-8. */
const UNSHOWN = /[\p{Cc}\p{Cs}\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

/** The middle name counts only where it stands alone: Messages does not show it either. */
function personName({ firstName, middleName, lastName, nameOrder }: NameFields): string | null {
  const [first, last] = [shownText(firstName), shownText(lastName)];
  if (first === null || last === null) return first ?? last ?? shownText(middleName);
  const eastAsian = isEastAsian(first, last);
  if (orderOf(nameOrder, eastAsian) === "first_name_first") return `${first} ${last}`;
  return eastAsian ? `${last}${first}` : `${last} ${first}`;
}

/**
 * Without a choice of its own, a card follows Contacts' setting, which we can't see; its default is the custom of the
 * language: the family name first in Chinese, Japanese and Korean, else the first name.
 */
function orderOf(chosen: NameOrder | null, eastAsian: boolean): NameOrder {
  return chosen ?? (eastAsian ? "last_name_first" : "first_name_first");
}

/**
 * A Chinese, Japanese or Korean name: the family name in Han or Hangul (and a first name perhaps in kana). Katakana
 * alone writes foreign names too ("マイケル ジャクソン"), so it decides nothing.
 */
function isEastAsian(first: string, last: string): boolean {
  return /^[\p{Script=Han}\p{Script=Hangul}々]+$/u.test(last) &&
    /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}々ー]+$/u.test(first);
}

/** From what stands on a card to what matching compares. */
import type { Card, CardIdentifier } from "../model/contact.ts";
import type { RawCard } from "../model/raw_card.ts";
import { cardNames, shownText } from "./card_name.ts";
import { isPlaceholder } from "./display_name.ts";
import { readIdentifier } from "./identifier.ts";

/** A card before our tables gave it an id. */
export type CardContent = Omit<Card, "id">;

/**
 * The card with its identifiers normalised, each once, phones before emails; numbers without a country code are read
 * with `region` (ISO 3166, two letters; null: unknown). A placeholder is no name: the next text of the card takes its
 * place.
 */
export function readCard(raw: RawCard, region: string | null): CardContent {
  const identifiers = cardIdentifiers([...raw.phones, ...raw.emails], region);
  return {
    uniqueId: raw.uniqueId,
    linkId: shownText(raw.linkId),
    isMe: raw.isMe,
    name: cardNames(raw).find((name) => !isPlaceholder(name, identifiers)) ?? null,
    nickname: shownText(raw.nickname),
    organization: shownText(raw.organization),
    preferredForName: raw.preferredForName,
    modifiedMs: raw.modifiedMs,
    identifiers,
  };
}

/** Without what is empty. Of one number in two spellings the one without a country code says less, and is dropped. */
function cardIdentifiers(values: readonly string[], region: string | null): CardIdentifier[] {
  const found = new Map<string, CardIdentifier>();
  for (const value of values) {
    const read = readIdentifier(value.replace(/[\p{Cc}\p{Cs}]+/gu, " "), region);
    if (read.identifier === "") continue;
    const key = `${read.type} ${read.identifier}`;
    const known = found.get(key);
    if (known === undefined || (known.national !== null && read.national === null)) found.set(key, read);
  }
  return [...found.values()];
}

/** Which cards a number or address stands on. Cards are told by their place in the list that they came in. */
import type { Card, IdentifierType } from "../model/contact.ts";

/** How many cards are taken in before the event loop gets its turn. */
const CARDS_AT_ONCE = 2_000;

export class CardIndex {
  readonly #holders: Readonly<Record<IdentifierType, Map<string, number[]>>> = {
    phone: new Map(),
    email: new Map(),
    other: new Map(),
  };
  readonly #several: number[][] = [];

  /** Yields so that the caller may give others their turn. */
  static *of(cards: readonly Card[]): Generator<void, CardIndex, void> {
    const index = new CardIndex();
    for (const [at, card] of cards.entries()) {
      index.#add(card, at);
      if (at % CARDS_AT_ONCE === CARDS_AT_ONCE - 1) yield;
    }
    return index;
  }

  holders(type: IdentifierType, identifier: string): readonly number[] {
    return this.#holders[type].get(identifier) ?? [];
  }

  /** The holders of each identifier that stands on more than one card. */
  get several(): readonly (readonly number[])[] {
    return this.#several;
  }

  #add(card: Card, at: number): void {
    for (const { type, identifier } of card.identifiers) {
      const holders = this.#holders[type].get(identifier);
      if (holders === undefined) {
        this.#holders[type].set(identifier, [at]);
      } else if (holders.at(-1) !== at) {
        holders.push(at);
        if (holders.length === 2) this.#several.push(holders);
      }
    }
  }
}

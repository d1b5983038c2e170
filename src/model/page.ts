/** Lists in pages, as the API gives them: what is asked for, and what comes back. */

export interface ListAsk {
  /** From 1 to {@link MAX_LIMIT}. */
  readonly limit: number;
  /** `next` of the page before; null: the first page. */
  readonly before: string | null;
}

export interface ContactsAsk extends ListAsk {
  /** Part of a name, nickname, organisation, number or address; null: everybody. */
  readonly query: string | null;
}

export interface Page {
  /** Each a JSON text. */
  readonly items: readonly string[];
  /** Opaque: goes into `before` for the page that follows; null on the last one. */
  readonly next: string | null;
}

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;

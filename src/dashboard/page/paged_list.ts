/** A list that the API gives in pages: grows downwards when asked, and is read anew as far as it was shown. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Listed } from "./api.ts";
import { paced } from "./pace.ts";

export interface PagedState<Item> {
  /** null: not read yet. */
  readonly items: readonly Item[] | null;
  readonly next: string | null;
  /** Why the last reading failed; empty when it did not. */
  readonly trouble: string;
}

export type ReadPage<Item> = (limit: number, before: string | null) => Promise<Listed<Item>>;

const PAGE = 50;
/** The most that one answer holds. */
const MOST_IN_ONE = 200;
/** What is shown at most: the oldest go when the list is read anew. */
const MOST_SHOWN = 600;
const NOTHING = { items: null, next: null, trouble: "" };

export class PagedList<Item> {
  readonly #state = signal<PagedState<Item>>(NOTHING);
  readonly #refresh: () => void;
  /** Counts up when another question is asked: answers to earlier ones are late. */
  #question = 0;

  constructor(private readonly read: ReadPage<Item>, gapMs = 500) {
    this.#refresh = paced(() => this.#readAnew(), gapMs);
  }

  get state(): ReadonlySignal<PagedState<Item>> {
    return this.#state;
  }

  /** Something changed: reads what is shown once more, soon. */
  refresh(): void {
    this.#refresh();
  }

  /** Another question (another chat, another search): what is shown means nothing any more. */
  async restart(keepShown = false): Promise<void> {
    this.#question++;
    if (!keepShown) this.#state.value = NOTHING;
    await this.#replace(PAGE);
  }

  async more(): Promise<void> {
    const { items, next } = this.#state.value;
    if (items === null || next === null || items.length >= MOST_SHOWN) return;
    const question = this.#question;
    await this.#guarded(question, async () => {
      const page = await this.read(PAGE, next);
      // It may have been read anew meanwhile: what was shown before is not put back.
      const shown = this.#state.value;
      if (shown.items === null || shown.next !== next) return this.#pages((shown.items?.length ?? 0) + PAGE);
      return { items: [...shown.items, ...page.items], next: page.next };
    });
  }

  #readAnew(): Promise<void> {
    return this.#replace(Math.max(PAGE, this.#state.value.items?.length ?? 0));
  }

  #replace(count: number): Promise<void> {
    return this.#guarded(this.#question, () => this.#pages(count));
  }

  async #pages(count: number): Promise<Listed<Item>> {
    const items: Item[] = [];
    let next: string | null = null;
    do {
      const page: Listed<Item> = await this.read(Math.min(MOST_IN_ONE, count - items.length), next);
      items.push(...page.items);
      next = page.next;
    } while (next !== null && items.length < count);
    return { items, next };
  }

  async #guarded(question: number, work: () => Promise<Listed<Item>>): Promise<void> {
    try {
      const listed = await work();
      if (question === this.#question) this.#state.value = { ...listed, trouble: "" };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (question === this.#question) this.#state.value = { ...this.#state.value, trouble: error.message };
    }
  }
}

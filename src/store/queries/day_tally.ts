/** Adds up messages per day: what was sent, what was received, and from whom most of it came. */

/** Day's place in the list, and how many messages. */
export type DayCount = readonly [day: number, messages: number];

export interface PersonTally {
  readonly sender: number;
  readonly total: number;
  readonly days: readonly number[];
}

export class DayTally {
  readonly sent: number[];
  readonly received: number[];
  /** Of everybody who is not in {@link top}; `contacts` does not count a sender whom nobody knows. */
  readonly others: { contacts: number; total: number; days: number[] };
  readonly #days: number;
  readonly #size: number;
  readonly #top: PersonTally[] = [];

  /** `top`: how many people are told apart. */
  constructor(days: number, top: number) {
    this.#days = days;
    this.#size = top;
    this.sent = this.#zeros();
    this.received = this.#zeros();
    this.others = { contacts: 0, total: 0, days: this.#zeros() };
  }

  /** Who sent most, the most first; of equals, who was added first. */
  get top(): readonly PersonTally[] {
    return this.#top;
  }

  addSent(counts: readonly DayCount[]): void {
    addTo(this.sent, counts);
  }

  /** All that one person sent; `sender` null: of nobody knows whom. Each person once. */
  addReceived(sender: number | null, counts: readonly DayCount[]): void {
    addTo(this.received, counts);
    const total = counts.reduce((sum, [, messages]) => sum + messages, 0);
    // Whose messages are all deleted sent none.
    if (total === 0) return;
    if (sender === null) return this.#addToOthers(total, counts, 0);
    const place = this.#top.findIndex((person) => person.total < total);
    if (place < 0 && this.#top.length >= this.#size) return this.#addToOthers(total, counts, 1);
    const days = this.#zeros();
    addTo(days, counts);
    this.#top.splice(place < 0 ? this.#top.length : place, 0, { sender, total, days });
    const out = this.#top[this.#size];
    if (out === undefined) return;
    this.#top.pop();
    this.#addToOthers(out.total, out.days.map((messages, day) => [day, messages]), 1);
  }

  #addToOthers(total: number, counts: readonly DayCount[], contacts: number): void {
    this.others.contacts += contacts;
    this.others.total += total;
    addTo(this.others.days, counts);
  }

  #zeros(): number[] {
    return new Array<number>(this.#days).fill(0);
  }
}

function addTo(days: number[], counts: readonly DayCount[]): void {
  for (const [day, messages] of counts) days[day] = (days[day] ?? 0) + messages;
}

/**
 * Which topics one connection follows, and what it was given already. Pure: no socket, no store, no clock.
 *
 * The connection is one cursor over the feed. Each topic it holds has a start: its events above that are due.
 *
 *     subscribe, `after` below the cursor ─▶ the cursor goes back to `after`, and what lies between is looked at again
 *     advance(seq)                        ─▶ everything up to `seq` was looked at, and what was due was handed over
 *     restart(seq) (after a resync)       ─▶ cursor and every start jump to `seq`
 *
 * While it looks again, an event is due only if no topic that the connection held when it came by (or at an
 * earlier replay) had it delivered. So `#given` remembers, per topic, the ranges (start, cursor] that were left
 * behind by going back or by unsubscribing; the range that is open now needs no entry, as it ends at the cursor.
 * An event was delivered if and only if one of its topics has it in a range.
 */
import type { FeedPosition } from "../model/feed.ts";
import { SeqRanges } from "./ranges.ts";
import { EVERYTHING, TRANSIENT_TOPIC } from "./topics.ts";

/** Most topics that one connection may hold. */
export const MAX_TOPICS = 1_000;
/** Most ranges that are remembered for one connection. Exported for its test. */
export const MAX_RANGES = 4_096;

export interface Ask {
  readonly topics: readonly string[];
  /** Replay what came after this position; without it, live events only. */
  readonly after?: number | undefined;
  /** The feed that `after` belongs to, if the client knows it. */
  readonly feed?: string | undefined;
}

/** `resync`: the positions that the client knows mean nothing, so nothing is replayed. */
export type SubscribeOutcome = "subscribed" | "resync" | "too_many_topics";

export class Subscription {
  /** Topic → its events with a seq above this are due. */
  readonly #starts = new Map<string, number>();
  readonly #given = new Map<string, SeqRanges>();
  #cursor: number;
  /** The furthest that the cursor ever was: above it nothing can have been given. */
  #frontier: number;
  /** What was given up to here is no longer known, so the cursor never goes back below. */
  #floor = 0;

  constructor(seq: number) {
    this.#cursor = seq;
    this.#frontier = seq;
  }

  /** Every event up to this position was looked at. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Whether any topic is held that stored events can have. */
  get followsStored(): boolean {
    return this.#starts.size > (this.#starts.has(TRANSIENT_TOPIC) ? 1 : 0);
  }

  get followsTransient(): boolean {
    return this.#starts.has(TRANSIENT_TOPIC) || this.#starts.has(EVERYTHING);
  }

  subscribe(ask: Ask, feed: string, position: FeedPosition): SubscribeOutcome {
    const added = new Set(ask.topics.filter((topic) => !this.#starts.has(topic)));
    if (this.#starts.size + added.size > MAX_TOPICS) return "too_many_topics";
    const resync = this.#isStale(ask, feed, position);
    const from = resync ? position.seq : ask.after ?? position.seq;
    if (!this.#makeRoom(Math.min(from, this.#cursor), position.oldest)) return "too_many_topics";

    const changed = ask.topics.filter((topic) => resync || from < (this.#starts.get(topic) ?? Infinity));
    if (changed.length > 0 && from < this.#cursor) this.#goBack(from);
    for (const topic of changed) {
      this.#leave(topic);
      this.#starts.set(topic, from);
    }
    this.#skip();
    return resync ? "resync" : "subscribed";
  }

  unsubscribe(topics: readonly string[]): void {
    for (const topic of topics) {
      this.#leave(topic);
      this.#starts.delete(topic);
    }
  }

  /** Whether the event, which lies above the cursor, must be delivered when the cursor passes it. */
  due(event: { readonly seq: number; readonly topics: readonly string[] }): boolean {
    const isWanted = (topic: string) => event.seq > (this.#starts.get(topic) ?? Infinity);
    if (!isWanted(EVERYTHING) && !event.topics.some(isWanted)) return false;
    if (event.seq > this.#frontier) return true;
    const wasGiven = (topic: string) => this.#given.get(topic)?.has(event.seq) ?? false;
    return !wasGiven(EVERYTHING) && !event.topics.some(wasGiven);
  }

  advance(seq: number): void {
    this.#cursor = Math.max(this.#cursor, seq);
    this.#frontier = Math.max(this.#frontier, this.#cursor);
  }

  /** The client was told to read everything anew: what lies up to `seq` is no longer due. */
  restart(seq: number): void {
    for (const topic of this.#starts.keys()) {
      this.#leave(topic);
      this.#starts.set(topic, seq);
    }
    this.advance(seq);
  }

  #isStale(ask: Ask, feed: string, position: FeedPosition): boolean {
    if (ask.feed !== undefined && ask.feed !== feed) return true;
    if (ask.after === undefined) return false;
    return ask.after > position.seq || ask.after < position.oldest - 1 || ask.after < this.#floor;
  }

  #goBack(seq: number): void {
    for (const topic of this.#starts.keys()) this.#leave(topic);
    this.#cursor = seq;
  }

  /** Notes what the topic was given since its start. */
  #leave(topic: string): void {
    const start = this.#starts.get(topic);
    if (start === undefined || start >= this.#cursor || topic === TRANSIENT_TOPIC) return;
    const ranges = this.#given.get(topic) ?? new SeqRanges();
    ranges.add(start, this.#cursor);
    this.#given.set(topic, ranges);
  }

  /** Nothing is due below the least start: no need to look there. */
  #skip(): void {
    let least = Infinity;
    for (const [topic, start] of this.#starts) {
      if (topic !== TRANSIENT_TOPIC) least = Math.min(least, start);
    }
    if (least !== Infinity) this.advance(least);
  }

  /**
   * Forgets ranges that no replay can reach any more and, if there are still too many, those below `lowest`,
   * the position from which the connection goes on; that raises the floor. False: even so there are too many.
   */
  #makeRoom(lowest: number, oldest: number): boolean {
    this.#forget(oldest - 1);
    if (this.#rangeCount() <= MAX_RANGES) return true;
    this.#forget(lowest);
    this.#floor = Math.max(this.#floor, lowest);
    return this.#rangeCount() <= MAX_RANGES;
  }

  #forget(seq: number): void {
    for (const [topic, ranges] of this.#given) {
      ranges.forget(seq);
      if (ranges.count === 0) this.#given.delete(topic);
    }
  }

  #rangeCount(): number {
    let count = 0;
    for (const ranges of this.#given.values()) count += ranges.count;
    return count;
  }
}

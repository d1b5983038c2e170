/** A FeedStore in memory: contiguous numbers from 1, like the stored one. */
import type { FeedPosition, FeedStore, WireEvent } from "../../../src/model/feed.ts";

export class MemoryFeedStore implements FeedStore {
  feed = "00000000-0000-4000-8000-000000000001";
  /** How often the sessions asked for events. */
  reads = 0;
  #events: WireEvent[] = [];
  #oldest = 1;

  position(): FeedPosition {
    return { seq: this.#events.length, oldest: this.#oldest };
  }

  read(after: number, limit: number): readonly WireEvent[] {
    this.reads++;
    const from = Math.max(after, this.#oldest - 1);
    return this.#events.slice(from, from + limit);
  }

  /** Stores one event per list of topics; gives them as a commit would. */
  commit(...topicsOfEach: readonly (readonly string[])[]): readonly WireEvent[] {
    const from = this.#events.length;
    for (const topics of topicsOfEach) this.#store(topics, "");
    return this.#events.slice(from);
  }

  /** Stores `count` events of the topic `contacts`, each `padding` characters longer than it must be. */
  commitMany(count: number, padding = 0): readonly WireEvent[] {
    const from = this.#events.length;
    const filler = "x".repeat(padding);
    for (let i = 0; i < count; i++) this.#store(["contacts"], filler);
    return this.#events.slice(from);
  }

  /** Events below `oldest` are no longer kept. */
  trim(oldest: number): void {
    this.#oldest = oldest;
  }

  #store(topics: readonly string[], filler: string): void {
    const seq = this.#events.length + 1;
    const at = "2026-11-22T14:03:11.204Z";
    const data = { contact_id: 7, name: filler };
    const json = JSON.stringify({ type: "event", seq, at, event: "contact.updated", topics, data });
    this.#events.push({ seq, topics, json });
  }
}

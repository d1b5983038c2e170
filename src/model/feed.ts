/** The stored feed as those who deliver it see it: what `store/outbox.ts` gives and `notify/` takes. */
export interface WireEvent {
  readonly seq: number;
  readonly topics: readonly string[];
  /** The whole event as one line of JSON, just as it goes to a client. */
  readonly json: string;
}

export interface FeedPosition {
  /** Number of the newest event; 0 before the first. */
  readonly seq: number;
  /** Lowest number that can still be replayed: `after` must be at least `oldest - 1`. `seq + 1` when none is kept. */
  readonly oldest: number;
}

export interface FeedStore {
  /** UUID of this database; another one means that old positions say nothing. */
  readonly feed: string;
  position(): FeedPosition;
  /** Events with seq > `after`, ascending, at most `limit`. */
  read(after: number, limit: number): readonly WireEvent[];
}

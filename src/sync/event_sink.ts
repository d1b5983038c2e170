/** Whom the engine tells of what it did; given by app/. */
import type { Transient } from "../model/events.ts";
import type { WireEvent } from "../model/feed.ts";

export interface EventSink {
  /** Events whose transaction is committed, in order; never none. */
  committed(events: readonly WireEvent[]): void;
  /** Everybody who follows the feed has to read anew. */
  resync(): void;
  /** What is not stored: states, progress. */
  tell(told: Transient): void;
  /** Whether a client has left that knows a position of the feed. */
  clientsLeft(): boolean;
}

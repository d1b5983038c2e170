/**
 * Who is told of changes. `Feed` holds the sessions of all connections and wakes them; it holds no events.
 *
 *     open ──close()──▶ closed: members have ended, nobody may join any more
 *
 * Waking a session makes its transport send one batch if it has room, and come back for more in later turns of the
 * event loop: a slow or greedy connection never delays another.
 */
import { LiveSyncError } from "../model/errors.ts";
import type { TransientEvent } from "../model/events.ts";
import type { FeedStore, WireEvent } from "../model/feed.ts";
import type { Session } from "./session.ts";

export interface Member {
  readonly session: Session;
  /** Whether it counts as a client in the status; the parent at stdio does not. */
  readonly isClient: boolean;
  /** Says goodbye; resolves when it is gone or after its own limit of patience, and never rejects. */
  end(): Promise<void>;
}

export class Feed {
  readonly #members = new Set<Member>();
  #closed = false;
  #clientsLeft = false;

  constructor(readonly store: FeedStore) {}

  /** WebSocket clients that are connected now. */
  get clients(): number {
    let count = 0;
    for (const member of this.#members) if (member.isClient) count++;
    return count;
  }

  /** Whether a WebSocket client has left that had subscribed, and so may come back with `after`. */
  get clientsLeft(): boolean {
    return this.#clientsLeft;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Adds a connection; gives what takes it out again. */
  join(member: Member): () => void {
    if (this.#closed) throw new LiveSyncError("stopping", "Cannot join the feed: the program is stopping");
    this.#members.add(member);
    return () => {
      this.#members.delete(member);
      this.#clientsLeft ||= member.isClient && member.session.knowsPosition;
    };
  }

  /**
   * Call after each commit, in the order of the commits. `events`: all that the commit stored, if they are at hand;
   * without them the sessions read the store.
   */
  committed(events: readonly WireEvent[] = []): void {
    for (const member of [...this.#members]) member.session.committed(events);
  }

  /** An event of the topic `sync`. */
  transient(event: TransientEvent): void {
    const line = JSON.stringify(event);
    for (const member of [...this.#members]) member.session.transient(event.event, line);
  }

  /** Tells everyone to read everything anew, in place of events too many to send. */
  resyncAll(): void {
    for (const member of [...this.#members]) member.session.resync();
  }

  /** Ends every connection: WebSockets with 1001, stdout after what is still due. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#members].map((member) => member.end()));
    this.#members.clear();
  }
}

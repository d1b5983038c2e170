/**
 * One connection's protocol, the same for a WebSocket and a sidecar's stdio.
 *
 * A session is a cursor over the stored feed, never a queue: what is due stays in the database until the transport
 * asks for it with `take()`. In memory it keeps one line per name of transient event, and the flag `resyncDue`.
 *
 *     quiet ──committed, transient, resync, subscribe──▶ due (the transport is woken)
 *     due ──take() … take() until `more` is false──▶ quiet
 *
 * A transport without room just does not call `take()`; the session is then as small as before. Answers to the
 * client's messages go out at once through `reply`, so that `subscribed` stands before what it brings.
 */
import { LiveSyncError } from "../model/errors.ts";
import type { ServerMessage, SyncSummary, TransientEventName } from "../model/events.ts";
import type { FeedStore, WireEvent } from "../model/feed.ts";
import { parseClientMessage, type ProtocolErrorCode } from "./messages.ts";
import { type Ask, MAX_TOPICS, Subscription } from "./subscription.ts";

/** What a parent may ask for on stdin, beyond what a WebSocket may. */
export interface SidecarControl {
  sync(): Promise<SyncSummary>;
  shutdown(): void;
}

export interface SessionPorts {
  readonly store: FeedStore;
  /** Takes one line for the client, to be sent before anything that `take()` gives later. */
  reply(line: string): void;
  /** Something may be due: call `take()` when there is room. */
  wake(): void;
  /** Only for stdio. */
  readonly control?: SidecarControl | undefined;
}

export interface Batch {
  readonly lines: readonly string[];
  /** There is more to look at: call again. */
  readonly more: boolean;
}

/** Events that one `take()` looks at, and the characters after which it stops early. */
const BATCH_EVENTS = 256;
const BATCH_CHARACTERS = 256 * 1024;

export class Session {
  readonly #ports: SessionPorts;
  readonly #subscription: Subscription;
  /** The newest of each name, until there is room. */
  readonly #transients = new Map<TransientEventName, string>();
  #resyncDue = false;
  /** Events that were committed just now; only while the transport is being woken for them. */
  #fresh: readonly WireEvent[] = [];

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    this.#subscription = new Subscription(ports.store.position().seq);
  }

  /** Whether it was told a position of the feed that it may come back with. */
  get knowsPosition(): boolean {
    return this.#subscription.followsStored;
  }

  /** A first subscription that the client did not have to ask for; it is not answered. */
  begin(ask: Ask): void {
    const { store } = this.#ports;
    this.#resyncDue ||= this.#subscription.subscribe(ask, store.feed, store.position()) === "resync";
    this.#ports.wake();
  }

  /** One message from the client. */
  receive(text: string): void {
    const parsed = parseClientMessage(text, this.#ports.control !== undefined);
    if (!parsed.ok) return this.refuse(parsed.code, parsed.message);
    const message = parsed.message;
    switch (message.type) {
      case "subscribe":
        return this.#subscribe(message);
      case "unsubscribe":
        this.#subscription.unsubscribe(message.topics);
        return this.#reply({
          type: "unsubscribed",
          topics: eachOnce(message.topics),
          seq: this.#ports.store.position().seq,
        });
      case "ping":
        return this.#reply({ type: "pong" });
      case "sync":
        if (this.#ports.control) void this.#sync(this.#ports.control);
        return;
      case "shutdown":
        this.#reply({ type: "stopping" });
        return this.#ports.control?.shutdown();
    }
  }

  /** Answers a message that the transport could not even hand over. */
  refuse(code: ProtocolErrorCode, message: string): void {
    this.#reply({ type: "error", code, message });
  }

  committed(fresh: readonly WireEvent[]): void {
    this.#fresh = fresh;
    try {
      this.#ports.wake();
    } finally {
      // Whoever has no room now reads from the store later: text that is unsent meanwhile is gone from there.
      this.#fresh = [];
    }
  }

  transient(name: TransientEventName, line: string): void {
    if (!this.#subscription.followsTransient) return;
    // Deleted first, so that the newest also stands last.
    this.#transients.delete(name);
    this.#transients.set(name, line);
    this.#ports.wake();
  }

  resync(): void {
    this.#resyncDue = true;
    this.#ports.wake();
  }

  /** The next lines that are due, few enough for one turn of the event loop. */
  take(): Batch {
    const { store } = this.#ports;
    const lines: string[] = [];
    const position = store.position();
    const wasTrimmed = this.#subscription.followsStored && this.#subscription.cursor < position.oldest - 1;
    if (this.#resyncDue || wasTrimmed) {
      this.#resyncDue = false;
      this.#subscription.restart(position.seq);
      lines.push(this.#resyncLine());
    }
    lines.push(...this.#transients.values());
    this.#transients.clear();

    if (!this.#subscription.followsStored) {
      this.#subscription.advance(position.seq);
      return { lines, more: false };
    }
    const cursor = this.#subscription.cursor;
    if (cursor >= position.seq) return { lines, more: false };
    const fresh = this.#fresh[0]?.seq === cursor + 1 ? this.#fresh : [];
    const events = fresh.length > 0 ? fresh : store.read(cursor, BATCH_EVENTS);
    this.#passOver(events, lines, position.seq);
    return { lines, more: this.#subscription.cursor < position.seq };
  }

  #passOver(events: readonly WireEvent[], lines: string[], newest: number): void {
    if (events.length === 0) this.#subscription.advance(newest);
    let characters = 0;
    for (const event of events.slice(0, BATCH_EVENTS)) {
      if (characters >= BATCH_CHARACTERS) return;
      if (this.#subscription.due(event)) {
        lines.push(event.json);
        characters += event.json.length;
      }
      this.#subscription.advance(event.seq);
    }
  }

  #subscribe(ask: Ask): void {
    const { store } = this.#ports;
    const outcome = this.#subscription.subscribe(ask, store.feed, store.position());
    if (outcome === "too_many_topics") {
      return this.refuse(
        "too_many_topics",
        `Cannot follow more topics on this connection: at most ${MAX_TOPICS}; subscribe to "*" instead`,
      );
    }
    if (outcome === "resync") this.#ports.reply(this.#resyncLine());
    this.#reply({
      type: "subscribed",
      topics: eachOnce(ask.topics),
      seq: store.position().seq,
      feed: store.feed,
    });
    this.#ports.wake();
  }

  async #sync(control: SidecarControl): Promise<void> {
    try {
      this.#reply({ type: "synced", ...await control.sync() });
    } catch (error) {
      // Only our own errors are known to hold nothing private.
      const message = error instanceof LiveSyncError
        ? [error.message, error.hint].filter((part) => part !== "").join(". ")
        : "Cannot sync: internal error";
      this.refuse("sync_failed", message);
    }
  }

  #resyncLine(): string {
    const { store } = this.#ports;
    const { seq, oldest } = store.position();
    const message: ServerMessage = { type: "resync", oldest, seq, feed: store.feed };
    return JSON.stringify(message);
  }

  #reply(message: ServerMessage): void {
    this.#ports.reply(JSON.stringify(message));
  }
}

/** A message of 64 KiB can name one topic thousands of times; the answer does not. */
function eachOnce(topics: readonly string[]): readonly string[] {
  return [...new Set(topics)];
}

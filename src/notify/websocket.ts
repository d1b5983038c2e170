/**
 * One WebSocket.
 *
 *     connecting ──open──▶ flowing ──1 MiB unsent──▶ waiting ──drained to 256 KiB──▶ flowing
 *                             │                        └──nothing drained for 2 s──▶ closed by us (1013)
 *                             ├──message over 64 KiB──▶ closed by us (1009)
 *                             ├──end()──▶ closed by us (1001)
 *                             └──the client closes, or is gone──▶ gone
 *
 * While it flows, batches are taken from the session, one per turn of the event loop; while it waits, nothing is
 * taken, so a long replay runs at the client's pace and a client that is merely slow is never closed. "Unsent" is
 * what Deno has not yet given to the kernel, whose own buffers (a few MB on loopback) come before it.
 *
 * What Deno cannot do (2.9.6, tried): cut a connection. Frames are written in order, so the close frame of a client
 * that never reads stands behind its backlog; `close()` does not time out, `idleTimeout` (a ping, which queues as
 * well) does not fire once closing has begun, and neither the server nor `destroy()` of a node:http socket ends it.
 * So such a client leaves the feed at once and costs no more work; its socket and at most about 1.3 MiB stay until
 * it reads, goes, or we end. MAX_SOCKETS bounds how many of those there can be.
 */
import { type Cancel, type Clock, systemClock } from "../platform/clock.ts";
import { type Log, silentLog } from "../platform/log.ts";
import type { Feed } from "./feed.ts";
import { MAX_MESSAGE_BYTES } from "./messages.ts";
import { Session } from "./session.ts";

export const CLOSE = {
  GOING_AWAY: 1001,
  TOO_LARGE: 1009,
  INTERNAL: 1011,
  TRY_AGAIN_LATER: 1013,
} as const;

export interface WebSocketLimits {
  /** Unsent bytes at which it waits, and those at which it goes on. */
  readonly highWater: number;
  readonly lowWater: number;
  /** Unsent bytes that answers alone may reach (a client that asks and asks, and never reads). */
  readonly hardLimit: number;
  /** How long nothing may drain before the client counts as one that does not read. */
  readonly stallMs: number;
  /** How long `end()` waits for the client's goodbye. */
  readonly goodbyeMs: number;
}

export const WEBSOCKET_LIMITS: WebSocketLimits = {
  highWater: 1024 * 1024,
  lowWater: 256 * 1024,
  hardLimit: 2 * 1024 * 1024,
  stallMs: 2_000,
  goodbyeMs: 700,
};

/** Most WebSockets at a time, those that were closed but are not gone included. */
export const MAX_SOCKETS = 1024;

const FIRST_LOOK_MS = 2;
const SLOWEST_LOOK_MS = 100;

export interface WebSocketOptions {
  readonly clock?: Clock;
  readonly log?: Log;
  readonly limits?: WebSocketLimits;
}

/** Takes over a server-side socket that is still connecting. `onGone` is called once, when it is closed for good. */
export function serveWebSocket(
  socket: WebSocket,
  feed: Feed,
  onGone: () => void,
  options: WebSocketOptions = {},
): void {
  new WebSocketConnection(socket, feed, onGone, options);
}

class WebSocketConnection {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #limits: WebSocketLimits;
  readonly #session: Session;
  readonly #gone = Promise.withResolvers<void>();
  #leave: () => void = () => {};
  /** The next turn, when there is more to send, or the next look at a full buffer. */
  #next: Cancel | null = null;

  constructor(socket: WebSocket, feed: Feed, onGone: () => void, options: WebSocketOptions) {
    this.#socket = socket;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLog;
    this.#limits = options.limits ?? WEBSOCKET_LIMITS;
    this.#session = new Session({
      store: feed.store,
      reply: (line) => this.#reply(line),
      wake: () => this.#wake(),
    });
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => this.#opened(feed));
    socket.addEventListener("message", (event) => this.#received(event.data));
    // Deno reports a client that vanished as an error, then as a close: the close says all.
    socket.addEventListener("error", (event) => event.preventDefault());
    socket.addEventListener("close", () => {
      this.#stop();
      this.#gone.resolve();
      onGone();
    });
  }

  #opened(feed: Feed): void {
    if (feed.isClosed) return this.#close(CLOSE.GOING_AWAY, "stopping");
    this.#leave = feed.join({ session: this.#session, isClient: true, end: () => this.#end() });
  }

  #received(data: unknown): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (sizeOf(data) > MAX_MESSAGE_BYTES) return this.#close(CLOSE.TOO_LARGE, "message over 64 KiB");
    if (typeof data === "string") return this.#session.receive(data);
    this.#session.refuse("bad_json", "Cannot read a binary message: send JSON as text");
  }

  #reply(line: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(line);
    if (this.#socket.bufferedAmount > this.#limits.hardLimit) this.#closeAsSlow();
  }

  #wake(): void {
    if (this.#next === null) this.#flow();
  }

  /** Sends one batch; then waits for the next turn, for room, or to be woken. */
  #flow(): void {
    this.#next = null;
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#socket.bufferedAmount > this.#limits.highWater) return this.#waitForRoom();
    try {
      const batch = this.#session.take();
      for (const line of batch.lines) this.#socket.send(line);
      if (batch.more) this.#next = this.#clock.after(0, () => this.#flow());
    } catch (error) {
      // One connection's failure must not reach the pass that woke it; the client can come back with `after`.
      this.#log.warning("Cannot read the feed for a WebSocket", { error: nameOf(error) });
      this.#close(CLOSE.INTERNAL, "feed not readable");
    }
  }

  #waitForRoom(): void {
    let least = this.#socket.bufferedAmount;
    let drainedAt = this.#clock.monotonic();
    let pause = FIRST_LOOK_MS;
    const look = () => {
      const unsent = this.#socket.bufferedAmount;
      if (this.#socket.readyState !== WebSocket.OPEN || unsent <= this.#limits.lowWater) return this.#flow();
      const now = this.#clock.monotonic();
      if (unsent < least) {
        least = unsent;
        drainedAt = now;
        pause = FIRST_LOOK_MS;
      } else if (now - drainedAt >= this.#limits.stallMs) {
        return this.#closeAsSlow();
      }
      this.#next = this.#clock.after(pause, look);
      pause = Math.min(pause * 2, SLOWEST_LOOK_MS);
    };
    this.#next = this.#clock.after(pause, look);
  }

  #closeAsSlow(): void {
    this.#log.info("Closed a WebSocket whose client does not read");
    this.#close(CLOSE.TRY_AGAIN_LATER, "not reading; resume with after");
  }

  #end(): Promise<void> {
    this.#close(CLOSE.GOING_AWAY, "stopping");
    const cancel = this.#clock.after(this.#limits.goodbyeMs, () => this.#gone.resolve());
    return this.#gone.promise.finally(cancel);
  }

  #close(code: number, reason: string): void {
    this.#stop();
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close(code, reason);
  }

  #stop(): void {
    this.#leave();
    this.#next?.();
    this.#next = null;
  }
}

/** Bytes of a message as it came over the wire. */
function sizeOf(data: unknown): number {
  if (data instanceof ArrayBuffer) return data.byteLength;
  if (typeof data !== "string") return Infinity;
  return data.length > MAX_MESSAGE_BYTES ? data.length : new TextEncoder().encode(data).byteLength;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

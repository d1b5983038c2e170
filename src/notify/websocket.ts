/**
 * One WebSocket.
 *
 *     connecting ──open──▶ flowing ──1 MiB unsent──▶ waiting ──drained to 256 KiB──▶ flowing
 *                             │                        └──nothing drained for 2 s──▶ closed by us (1013)
 *                             ├──message over 64 KiB──▶ closed by us (1009)
 *                             ├──too many messages──▶ closed by us (1008)
 *                             ├──end()──▶ closed by us (1001)
 *                             └──the client closes, or is gone──▶ gone
 *     closed by us ──the client answers──▶ gone
 *          └──10 s──▶ cut ──▶ gone
 *
 * While it flows, batches are taken from the session, in turns shared with the others (turns.ts); while it waits,
 * nothing is taken, so a long replay runs at the client's pace and a client that is merely slow is never closed.
 * "Unsent" is what Deno has not yet given to the kernel, whose own buffers (a few MB on loopback) come before it, and
 * each message counts 1 KiB more than its text (backlog.ts).
 *
 * Deno cannot cut a connection (2.9.6, tried): frames are written in order, so the close frame of a client that never
 * reads stands behind its backlog; `close()` does not time out, and `idleTimeout` (a ping, which queues as well) does
 * not fire once closing has begun. `platform/connection_cutter.ts` does it. Where that cannot be had, such a client's
 * socket and backlog stay until it reads, goes, or we end; MAX_SOCKETS bounds how many of those there can be.
 *
 * Nor does Deno tell of a message before it is whole, or let its size be limited: one that comes in fragments without
 * end takes memory as long as it comes, and is closed with 1009 only if it ends.
 */
import { type Cancel, type Clock, systemClock } from "../platform/clock.ts";
import { type Log, silentLog } from "../platform/log.ts";
import { Allowance, type AllowanceLimits } from "./allowance.ts";
import { Backlog } from "./backlog.ts";
import type { Feed } from "./feed.ts";
import { MAX_MESSAGE_BYTES } from "./messages.ts";
import { Session } from "./session.ts";
import type { Turns } from "./turns.ts";

const CLOSE = {
  GOING_AWAY: 1001,
  POLICY: 1008,
  TOO_LARGE: 1009,
  INTERNAL: 1011,
  TRY_AGAIN_LATER: 1013,
} as const;

export interface WebSocketLimits {
  /** Weight of what is unsent at which it waits, and that at which it goes on. */
  readonly highWater: number;
  readonly lowWater: number;
  /** Weight that answers alone may reach (a client that asks and asks, and never reads). */
  readonly hardLimit: number;
  /** How long nothing may drain before the client counts as one that does not read. */
  readonly stallMs: number;
  /** How long `end()` waits for the client's goodbye. */
  readonly goodbyeMs: number;
  /** How long after our close the connection is cut if it is still there. */
  readonly cutMs: number;
  /** What the client may send. */
  readonly messages: AllowanceLimits;
}

/** Exported for its test. */
export const WEBSOCKET_LIMITS: WebSocketLimits = {
  highWater: 1024 * 1024,
  lowWater: 256 * 1024,
  hardLimit: 8 * 1024 * 1024,
  stallMs: 2_000,
  goodbyeMs: 700,
  cutMs: 10_000,
  messages: { burst: 100_000, perSecond: 1_000 },
};

/** Most WebSockets at a time, those that were closed but are not gone included. */
export const MAX_SOCKETS = 1024;

const FIRST_LOOK_MS = 2;
const SLOWEST_LOOK_MS = 100;

export interface WebSocketOptions {
  /** Shared by all connections of a server. */
  readonly turns: Turns;
  /** Ends the connection without the client; absent where that cannot be done. */
  readonly cut?: (() => void) | undefined;
  readonly clock?: Clock;
  readonly log?: Log;
  readonly limits?: WebSocketLimits;
}

/** Takes over a server-side socket that is still connecting. `onGone` is called once, when it is closed for good. */
export function serveWebSocket(
  socket: WebSocket,
  feed: Feed,
  onGone: () => void,
  options: WebSocketOptions,
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
  readonly #turns: Turns;
  readonly #cut: (() => void) | undefined;
  readonly #backlog = new Backlog();
  readonly #allowance: Allowance;
  #leave: () => void = () => {};
  /** The next turn, when there is more to send, or the next look at a full buffer. */
  #next: Cancel | null = null;
  #cancelCut: Cancel = () => {};

  constructor(socket: WebSocket, feed: Feed, onGone: () => void, options: WebSocketOptions) {
    this.#socket = socket;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLog;
    this.#limits = options.limits ?? WEBSOCKET_LIMITS;
    this.#turns = options.turns;
    this.#cut = options.cut;
    this.#allowance = new Allowance(this.#limits.messages, this.#clock.monotonic());
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
    // Deno tells it twice of a connection that breaks while it is closing.
    socket.addEventListener("close", () => {
      this.#stop();
      this.#cancelCut();
      this.#gone.resolve();
      onGone();
    }, { once: true });
  }

  #opened(feed: Feed): void {
    if (feed.isClosed) return this.#close(CLOSE.GOING_AWAY, "stopping");
    this.#leave = feed.join({ session: this.#session, isClient: true, end: () => this.#end() });
  }

  #received(data: unknown): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (!this.#allowance.take(this.#clock.monotonic())) return this.#closeAsFlood();
    if (sizeOf(data) > MAX_MESSAGE_BYTES) return this.#close(CLOSE.TOO_LARGE, "message over 64 KiB");
    if (typeof data === "string") return this.#session.receive(data);
    this.#session.refuse("bad_json", "Binary messages are not supported: send JSON as text");
  }

  #reply(line: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#send(line);
    if (this.#weight() > this.#limits.hardLimit) this.#closeAsSlow();
  }

  #send(line: string): void {
    this.#backlog.add(line, this.#socket.bufferedAmount);
    this.#socket.send(line);
  }

  #weight(): number {
    return this.#backlog.weight(this.#socket.bufferedAmount);
  }

  #wake(): void {
    if (this.#next === null) this.#flow();
  }

  /** Sends one batch; then waits for the next turn, for room, or to be woken. */
  #flow(): void {
    this.#next = null;
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#weight() > this.#limits.highWater) return this.#waitForRoom();
    try {
      const batch = this.#session.take();
      for (const line of batch.lines) this.#send(line);
      if (batch.more) this.#next = this.#turns.add(() => this.#flow());
    } catch (error) {
      // One connection's failure must not reach the pass that woke it; the client can come back with `after`.
      this.#log.warning("Cannot read the feed for a WebSocket", { error: nameOf(error) });
      this.#close(CLOSE.INTERNAL, "feed not readable");
    }
  }

  #waitForRoom(): void {
    let least = this.#weight();
    let drainedAt = this.#clock.monotonic();
    let pause = FIRST_LOOK_MS;
    const look = () => {
      const unsent = this.#weight();
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

  #closeAsFlood(): void {
    this.#log.info("Closed a WebSocket whose client sends too many messages");
    this.#close(CLOSE.POLICY, "too many messages");
  }

  #end(): Promise<void> {
    this.#close(CLOSE.GOING_AWAY, "stopping");
    const cancel = this.#clock.after(this.#limits.goodbyeMs, () => {
      this.#cut?.();
      this.#gone.resolve();
    });
    return this.#gone.promise.finally(cancel);
  }

  #close(code: number, reason: string): void {
    this.#stop();
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.close(code, reason);
    this.#cancelCut = this.#clock.after(this.#limits.cutMs, () => this.#cut?.());
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

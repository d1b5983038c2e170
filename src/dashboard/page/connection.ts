/**
 * The WebSocket to the program, which is opened again by itself for as long as the page stands.
 *
 *   connecting ── subscribed ──▶ open ── closed ──▶ waiting ── time, or asked ──▶ connecting
 *                                                      └── the token is no longer right ──▶ refused
 *
 * The position is kept over it all: after a break the events that came meanwhile are replayed, none twice.
 */
import type { ServerMessage, StoredEvent, TransientEvent } from "../../model/events.ts";
import { signal } from "@preact/signals";
import { ApiFailure } from "./api.ts";
import { retryDelayMs } from "./backoff.ts";
import type { ConnectionState } from "./connection_state.ts";
import { type Timers, windowTimers } from "./pace.ts";

export interface Position {
  readonly after: number;
  readonly feed: string;
}

export interface ConnectionPorts {
  /** Where to begin; asked before each try until there is a position. Throws an {@link ApiFailure}. */
  start(): Promise<Position>;
  event(event: StoredEvent | TransientEvent): void;
  /** Everything shown is to be read anew over HTTP: at the beginning, and when positions mean nothing any more. */
  reread(): void;
}

type Received = ServerMessage | StoredEvent | TransientEvent;

export class Connection {
  readonly state = signal<ConnectionState>({ kind: "connecting" });
  #position: Position | null = null;
  #attempt = 0;
  #cancelRetry: () => void = () => {};

  constructor(
    private readonly token: string,
    private readonly ports: ConnectionPorts,
    private readonly timers: Timers = windowTimers,
  ) {}

  /** Tries now; does nothing where a connection stands or is being made. */
  async connect(): Promise<void> {
    this.#cancelRetry();
    this.state.value = { kind: "connecting" };
    try {
      // Also tells a token that has ended from a program that has: a WebSocket's failure tells nothing.
      const start = await this.ports.start();
      this.#position ??= start;
      this.#open(this.#position);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      if (error.status === 401) this.state.value = { kind: "refused" };
      else this.#retryLater();
    }
  }

  /** The person, or the system, says that now is a good time. */
  retryNow(): void {
    if (this.state.value.kind === "waiting") this.connect();
  }

  #open(position: Position): void {
    const socket = openSocket(this.token);
    socket.onopen = () =>
      socket.send(JSON.stringify({ type: "subscribe", topics: ["*"], ...this.#position ?? position }));
    socket.onmessage = ({ data }) => this.#received(JSON.parse(String(data)));
    socket.onclose = () => this.#retryLater();
  }

  #received(message: Received): void {
    if (message.type === "subscribed") {
      this.#attempt = 0;
      this.state.value = { kind: "open" };
      // With `after` the replay is still to come: the position stays. What no event tells is read anew.
      this.ports.reread();
    } else if (message.type === "resync") {
      this.#position = { after: message.seq, feed: message.feed };
      this.ports.reread();
    } else if (message.type === "event") {
      if ("seq" in message && this.#position) this.#position = { ...this.#position, after: message.seq };
      this.ports.event(message);
    }
  }

  #retryLater(): void {
    const delayMs = retryDelayMs(this.#attempt++, Math.random());
    this.state.value = { kind: "waiting", atMs: Date.now() + delayMs };
    this.#cancelRetry();
    this.#cancelRetry = this.timers.after(delayMs, () => this.connect());
  }
}

function openSocket(token: string): WebSocket {
  const url = `ws://${location.host}/ws`;
  // A subprotocol may hold these characters only; any other token goes into the query.
  return /^[\w!#$%&'*+.^`|~-]+$/.test(token)
    ? new WebSocket(url, ["chatstats.v1", `token.${token}`])
    : new WebSocket(`${url}?token=${encodeURIComponent(token)}`);
}

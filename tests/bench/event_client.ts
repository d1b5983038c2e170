/** A WebSocket client that notes when each `message.created` came, and each new name. */
import * as v from "valibot";
import type { Ready } from "./sidecar.ts";

export interface Arrival {
  readonly seq: number;
  readonly guid: string;
  /** Milliseconds since 1970 UTC with a fraction, on the same clock as the other process's `committedAtMs`. */
  readonly atMs: number;
}

const Created = v.looseObject({
  seq: v.number(),
  data: v.looseObject({ message: v.looseObject({ guid: v.string() }) }),
});

const Named = v.looseObject({ data: v.looseObject({ name: v.string() }) });

export class EventClient implements AsyncDisposable {
  readonly arrivals: Arrival[] = [];
  /** By name: when the `contact.updated` that tells it came. */
  readonly names = new Map<string, number>();
  readonly #socket: WebSocket;
  readonly #closed: Promise<void>;
  #changed = Promise.withResolvers<void>();
  #subscribed = false;

  private constructor(socket: WebSocket, topics: readonly string[]) {
    this.#socket = socket;
    const closed = Promise.withResolvers<void>();
    this.#closed = closed.promise;
    socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "subscribe", topics })));
    socket.addEventListener("message", ({ data }) => this.#received(String(data)));
    socket.addEventListener("error", (event) => event.preventDefault());
    socket.addEventListener("close", () => closed.resolve());
  }

  static async connect(ready: Ready, topics: readonly string[] = ["chats"]): Promise<EventClient> {
    const socket = new WebSocket(`${ready.ws}?token=${encodeURIComponent(ready.token)}`);
    const client = new EventClient(socket, topics);
    await client.#until(() => client.#subscribed, 10_000, "the subscription");
    return client;
  }

  /** The messages with these GUIDs; throws when they are not all there in time. */
  async have(guids: readonly string[], limitMs: number): Promise<void> {
    const missing = new Set(guids);
    let seen = 0;
    await this.#until(
      () => {
        for (; seen < this.arrivals.length; seen++) missing.delete(this.arrivals[seen]?.guid ?? "");
        return missing.size === 0;
      },
      limitMs,
      `${guids.length} messages`,
    );
  }

  /** When the name was told; throws when it is not in time. */
  async named(name: string, limitMs: number): Promise<number> {
    await this.#until(() => this.names.has(name), limitMs, "a contact's new name");
    return this.names.get(name) ?? NaN;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.#closed;
  }

  #received(text: string): void {
    const atMs = performance.timeOrigin + performance.now();
    if (text.includes('"event":"message.created"')) {
      const { seq, data } = v.parse(Created, JSON.parse(text));
      this.arrivals.push({ seq, guid: data.message.guid, atMs });
    } else if (text.includes('"event":"contact.updated"')) {
      this.names.set(v.parse(Named, JSON.parse(text)).data.name, atMs);
    } else if (text.includes('"type":"subscribed"')) this.#subscribed = true;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async #until(condition: () => boolean, limitMs: number, what: string): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error(`Waited ${limitMs} ms for ${what}`)), limitMs);
    try {
      while (!condition()) await Promise.race([this.#changed.promise, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** From the commit to the client, by GUID. Throws where a message did not come. */
export function latencies(
  written: readonly { readonly guid: string; readonly committedAtMs: number }[],
  arrivals: readonly Arrival[],
): number[] {
  const at = new Map(arrivals.map(({ guid, atMs }) => [guid, atMs]));
  return written.map(({ guid, committedAtMs }) => {
    const arrivedAt = at.get(guid);
    if (arrivedAt === undefined) throw new Error(`No event came for message ${guid}`);
    return arrivedAt - committedAtMs;
  });
}

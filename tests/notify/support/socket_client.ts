/** A WebSocket client that keeps what it was sent. */
import { parseWire, Watched, type WireMessage, within } from "./wire.ts";

export class SocketClient {
  readonly messages: WireMessage[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #socket: WebSocket;
  readonly #watched = new Watched();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    const closed = Promise.withResolvers<{ readonly code: number; readonly reason: string }>();
    this.closed = closed.promise;
    socket.addEventListener("message", (event) => {
      this.messages.push(parseWire(String(event.data)));
      this.#watched.changed();
    });
    socket.addEventListener("close", ({ code, reason }) => closed.resolve({ code, reason }));
    socket.addEventListener("error", (event) => event.preventDefault());
  }

  static async connect(url: string, protocols: string[] = []): Promise<SocketClient> {
    const socket = new WebSocket(url, protocols);
    const client = new SocketClient(socket);
    const open = new Promise<void>((resolve) => socket.addEventListener("open", () => resolve()));
    const refused = client.closed.then(({ code }) => Promise.reject(new Error(`refused: ${code}`)));
    await within(Promise.race([open, refused]), "the socket to open");
    refused.catch(() => {});
    return client;
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  send(message: unknown): void {
    this.raw(JSON.stringify(message));
  }

  raw(data: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(data);
  }

  /** Waits until there are `count` messages (all in all) that fit. */
  async have(count: number, fits: (message: WireMessage) => boolean): Promise<readonly WireMessage[]> {
    let next = 0;
    const found: WireMessage[] = [];
    await this.#watched.until(() => {
      while (next < this.messages.length) {
        const message = this.messages[next++];
        if (message !== undefined && fits(message)) found.push(message);
      }
      return found.length >= count;
    }, `${count} messages`);
    return found;
  }

  /** Sends, and waits for the next message that fits. */
  async ask(message: unknown, type: string): Promise<WireMessage> {
    const before = this.messages.filter((known) => known.type === type).length;
    this.send(message);
    const found = await this.have(before + 1, (known) => known.type === type);
    return found[before] ?? { type: "none" };
  }

  async close(): Promise<void> {
    this.#socket.close();
    await within(this.closed, "the socket to close");
  }
}

export const isEvent = (message: WireMessage): boolean => message.type === "event";

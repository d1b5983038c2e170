/** The simulated Messages app in a process of its own, with one chat to write to. */
import { type MessagesProcess, startMessagesProcess } from "../../src/simulator/messages_process.ts";
import { wait } from "./bench.ts";
import type { Place } from "./ground.ts";
import { PROGRAM } from "./sidecar.ts";

export interface Sent {
  readonly guid: string;
  readonly committedAtMs: number;
}

const ADDRESS = "bench@example.com";

export class Writer implements AsyncDisposable {
  readonly chat: string;
  readonly #app: MessagesProcess;
  #count = 0;

  private constructor(app: MessagesProcess, chat: string) {
    this.#app = app;
    this.chat = chat;
  }

  /** Makes the chat.db where there is none. Commits are synchronous=FULL. */
  static async start(place: Place): Promise<Writer> {
    // A seed of its own: GUIDs must not be those of the history.
    const app = startMessagesProcess({ command: PROGRAM, db: place.messagesDb, seed: 4_711 });
    const { guid } = await app.createChat({ address: ADDRESS });
    return new Writer(app, guid);
  }

  async send(): Promise<Sent> {
    const { guid, committedAtMs } = await this.#app.message({
      chat: this.chat,
      from: ADDRESS,
      text: `Message ${++this.#count} of the measurement, about as long as people write`,
    });
    return { guid, committedAtMs };
  }

  /**
   * One every `everyMs`, by a timetable, each a little off it, evenly over the pace of the sidecar's poll: else all
   * would meet the poll at the same point of its round.
   */
  async sendEvery(everyMs: number, count: number): Promise<Sent[]> {
    const sent: Sent[] = [];
    const startedAt = performance.now();
    for (let i = 0; i < count; i++) {
      const off = (i * 7 % 25) - 12;
      await wait(startedAt + (i + 1) * everyMs + off - performance.now());
      sent.push(await this.send());
    }
    return sent;
  }

  traffic(perSecond: number, seconds: number): Promise<readonly Sent[]> {
    return this.#app.traffic({ perSecond, seconds, chats: [this.chat] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#app.close();
  }
}

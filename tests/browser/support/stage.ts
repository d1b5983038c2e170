/**
 * What a browser test plays on: simulated Messages and Contacts apps in processes of their own, and the sidecar, in
 * another, that follows them. Its port and token stay the same when it is started anew.
 */
import { createChatDatabase } from "../../../src/simulator/chat_database.ts";
import { type ContactsProcess, startContactsProcess } from "../../../src/simulator/contacts_process.ts";
import {
  type MessagesProcess,
  ownExecutable,
  startMessagesProcess,
} from "../../../src/simulator/messages_process.ts";
import { populate } from "../../../src/simulator/populate.ts";
import { type Line, Sidecar } from "../../support/sidecar.ts";

const MAIN = new URL("../../../main.ts", import.meta.url).pathname;
const ROOT_CONFIG = new URL("../../../deno.json", import.meta.url).pathname;
const TOKEN = "browser-test-token";
const DAY_MS = 24 * 3600 * 1000;

export const NORA = { address: "+14155550142", name: "Nora Lindqvist" };
export const SAM = { address: "+447700900321", name: "Samuel Okafor" };
export const MEI = { address: "+12125550187", name: "Mei Tanaka" };

export interface StageOptions {
  /** Messages of the past year. */
  readonly messages?: number;
  /** False: it is enough that the sidecar serves. */
  readonly isLive?: boolean;
  /** Words that stand before the command that starts the sidecar. */
  readonly before?: readonly string[];
}

export class Stage implements AsyncDisposable {
  readonly messages: MessagesProcess;
  readonly contacts: ContactsProcess;
  #sidecar: Sidecar;
  #ready: Line | null = null;

  private constructor(readonly folder: string, private readonly before: readonly string[]) {
    const command = ownExecutable(`${MAIN}`);
    this.messages = startMessagesProcess({ command, db: this.chatDb, seed: 7 });
    this.contacts = startContactsProcess({ command, folder: `${folder}/AddressBook` });
    this.#sidecar = this.#startSidecar(0);
  }

  /** Ready when the sidecar serves and is live. */
  static async open({ messages = 0, isLive: waits = true, before = [] }: StageOptions = {}): Promise<Stage> {
    const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "chatstats-browser-" }));
    Deno.mkdirSync(`${folder}/Messages`);
    {
      using chatDb = createChatDatabase(`${folder}/Messages/chat.db`, { release: "macos15" });
      const endMs = Date.now();
      if (messages > 0) populate(chatDb, { messages, chats: 40, startMs: endMs - 400 * DAY_MS, endMs });
    }
    const stage = new Stage(folder, before);
    await stage.#becomeReady();
    if (waits) await stage.#sidecar.until((lines) => lines.some(isLive));
    return stage;
  }

  get chatDb(): string {
    return `${this.folder}/Messages/chat.db`;
  }

  get url(): string {
    return String(this.#ready?.["url"]);
  }

  /** The page, with its key. */
  get address(): string {
    return `${this.url}/#token=${TOKEN}`;
  }

  /** A question to the API, as the page would ask it. */
  async ask(path: string): Promise<Line> {
    const response = await fetch(`${this.url}/api/v1/${path}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    return await response.json();
  }

  /** Ends the sidecar; the apps go on. */
  async endSidecar(): Promise<void> {
    await this.#sidecar.endInput();
    await this.#sidecar.gone();
  }

  async startSidecar(): Promise<void> {
    this.#sidecar = this.#startSidecar(Number(this.#ready?.["port"] ?? 0));
    await this.#becomeReady();
  }

  /** A chat with one person. */
  async chatWith({ address }: { readonly address: string }): Promise<string> {
    return (await this.messages.createChat({ address })).guid;
  }

  async card(person: { readonly name: string }, phones: readonly string[]) {
    const [firstName = "", lastName = ""] = person.name.split(" ");
    return await this.contacts.addCard({ store: "root", firstName, lastName, phones });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.endSidecar();
    await this.messages.close();
    await this.contacts.close();
    Deno.removeSync(this.folder, { recursive: true });
  }

  #startSidecar(port: number): Sidecar {
    return new Sidecar(
      [
        ...["--config", ROOT_CONFIG, MAIN, "run", "--sidecar", "--port", String(port)],
        ...["--messages-db", this.chatDb, "--addressbook-dir", `${this.folder}/AddressBook`],
        ...["--database", `${this.folder}/ChatStats/chatstats.db`],
        ...["--contacts-interval", "1", "--log-level", "error", "--region", "US"],
      ],
      { CHATSTATS_TOKEN: TOKEN },
      this.before,
    );
  }

  async #becomeReady(): Promise<void> {
    this.#ready = await this.#sidecar.ready();
  }
}

function isLive(line: Line): boolean {
  return line["event"] === "import.completed" || line["data"]?.["state"] === "live";
}

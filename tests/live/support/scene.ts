/**
 * The whole program on a folder of its own: Messages in one process, the program in another, clients here. The pieces
 * are those of the tests of `cli/` and `notify/`; what stands here puts them together.
 */
import * as v from "valibot";
import {
  type MessagesProcess,
  ownExecutable,
  startMessagesProcess,
} from "../../../src/simulator/messages_process.ts";
import { RunningProgram } from "../../cli/support/program.ts";
import { SocketClient } from "../../notify/support/socket_client.ts";
import type { WireMessage } from "../../notify/support/wire.ts";
import { until } from "../../support/until.ts";

export const JANE = "+15550100001";
export const OMAR = "+15550100002";
export const CHAT_OF_JANE = `iMessage;-;${JANE}`;
export const CHAT_OF_OMAR = `iMessage;-;${OMAR}`;

const Ready = v.looseObject({
  type: v.literal("ready"),
  pid: v.number(),
  url: v.string(),
  ws: v.string(),
  token: v.string(),
  feed: v.string(),
});
type Ready = v.InferOutput<typeof Ready>;

const Health = v.object({ status: v.string(), state: v.string(), version: v.string() });
type Health = v.InferOutput<typeof Health>;

const Created = v.object({ message: v.looseObject({ guid: v.string(), content: v.nullable(v.string()) }) });

/** GUID and text of the messages that these events tell of. */
export function created(
  events: readonly WireMessage[],
): { readonly guid: string; readonly content: string | null }[] {
  return events.filter(isCreated).map((event) => {
    const { guid, content } = v.parse(Created, event["data"]).message;
    return { guid, content };
  });
}

export function isCreated(message: WireMessage): boolean {
  return message.event === "message.created";
}

export class Scene implements AsyncDisposable {
  readonly folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "chatstats-live-" }));
  readonly messagesFolder = `${this.folder}/Messages`;
  readonly chatDb = `${this.messagesFolder}/chat.db`;
  readonly database = `${this.folder}/ours/chatstats.db`;
  /** Empty until a test fills it; a folder that is named must be there. */
  readonly addressBook = `${this.folder}/AddressBook`;
  readonly flags = [
    "--messages-db",
    this.chatDb,
    "--database",
    this.database,
    "--addressbook-dir",
    this.addressBook,
  ];
  #messages: MessagesProcess | null = null;

  constructor() {
    Deno.mkdirSync(this.addressBook, { recursive: true });
    Deno.mkdirSync(this.messagesFolder);
  }

  /** With Messages running and a chat with Jane and one with Omar. */
  static async open(): Promise<Scene> {
    const scene = new Scene();
    await scene.startMessages();
    return scene;
  }

  get messages(): MessagesProcess {
    if (this.#messages === null) throw new Error("Messages does not run");
    return this.#messages;
  }

  async startMessages(seed = 1): Promise<void> {
    const command = ownExecutable(import.meta.resolve("./messages_app_main.ts"));
    this.#messages = startMessagesProcess({ command, db: this.chatDb, seed });
    for (const address of [JANE, OMAR]) await this.#messages.createChat({ address });
  }

  /** The program as a sidecar. */
  run(...flags: readonly string[]): RunningProgram {
    return new RunningProgram(["run", "--sidecar", ...flags, ...this.flags]);
  }

  /** The program as a sidecar that `before` starts. */
  runUnder(before: readonly string[], ...flags: readonly string[]): RunningProgram {
    return new RunningProgram(["run", "--sidecar", ...flags, ...this.flags], {}, before);
  }

  /** `sync`, started by `before`. */
  syncUnder(before: readonly string[]): RunningProgram {
    return new RunningProgram(["sync", ...this.flags], {}, before);
  }

  /** `sync`, alone. */
  sync(...flags: readonly string[]): RunningProgram {
    return new RunningProgram(["sync", ...flags, ...this.flags]);
  }

  /** One more message from Jane. */
  async fromJane(text: string): Promise<string> {
    return (await this.messages.message({ chat: CHAT_OF_JANE, from: JANE, text })).guid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#messages?.close();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** The ready line, whatever else comes first fails. */
export async function readyOf(program: RunningProgram): Promise<Ready> {
  return v.parse(Ready, JSON.parse(await program.lineOut(() => true)));
}

export async function healthOf(ready: Ready): Promise<Health> {
  const response = await fetch(`${ready.url}/health`);
  return v.parse(Health, await response.json());
}

/** Resolves when /health says so. */
export async function state(ready: Ready, wanted: string): Promise<Health> {
  let health = await healthOf(ready);
  await until(async () => (health = await healthOf(ready)).state === wanted, `state ${wanted}`);
  return health;
}

/** A client that follows these topics; what it is sent from here on is live. */
export async function follow(ready: Ready, ...topics: readonly string[]): Promise<SocketClient> {
  const client = await SocketClient.connect(`${ready.ws}?token=${encodeURIComponent(ready.token)}`);
  await client.ask({ type: "subscribe", topics }, "subscribed");
  return client;
}

const Chats = v.object({ chat: v.looseObject({ id: v.number(), chat_identifier: v.string() }) });

/** `chat:ID` of the chat with this address, from the events that told of it. */
export function topicOf(address: string, events: readonly WireMessage[]): string {
  for (const event of events.filter((each) => each.event === "chat.created")) {
    const { chat } = v.parse(Chats, event["data"]);
    if (chat.chat_identifier === address) return `chat:${chat.id}`;
  }
  throw new Error(`No event told of a chat with ${address}`);
}

/** Plays the demo's conversations at the pace of people, until told to stop. */
import { type Clock, sleep } from "../platform/clock.ts";
import { ChatBook } from "./chat_book.ts";
import { SCENES } from "./conversations.ts";
import type { Line, Scene } from "./conversations/script.ts";
import { planHumanPace, type PlannedStep } from "./human_plan.ts";
import type { MessagesApp } from "./messages_app.ts";
import type { AttachmentUpdate } from "./operations/inputs.ts";
import { PEOPLE } from "./people.ts";
import { SeededRandom } from "./random.ts";

export interface HumanPaceOptions {
  /** Which conversations come when, and every pause in them. */
  readonly seed: number;
  /** Ends the play; without it, it never ends. */
  readonly signal?: AbortSignal;
  /** Default {@link SCENES}. */
  readonly scenes?: readonly Scene[];
}

type Say = Extract<Line, { kind: "say" }>;
type React = Extract<Line, { kind: "react" | "unreact" }>;

/** The first message comes within a second; with the same seed and clock, the same rows are written. */
export async function playHumanPace(app: MessagesApp, options: HumanPaceOptions): Promise<void> {
  const { seed, signal, scenes = SCENES } = options;
  const stage = new ScenePlayer(app);
  const startMs = app.clock.monotonic();
  for (const step of planHumanPace(new SeededRandom(seed), scenes)) {
    await sleepUntil(app.clock, startMs + step.atMs, signal);
    if (signal?.aborted) return;
    stage.perform(step);
  }
}

async function sleepUntil(clock: Clock, monotonicMs: number, signal: AbortSignal | undefined): Promise<void> {
  const wait = monotonicMs - clock.monotonic();
  if (wait > 0) await sleep(clock, wait, signal);
}

/** Writes what the lines of scenes say; remembers what was said, so that later lines can speak of it. */
export class ScenePlayer {
  readonly #app: MessagesApp;
  readonly #chats: ChatBook;
  /** By performance, then by label: the message's GUID. */
  readonly #said = new Map<number, Map<string, string>>();
  /** By chat: GUIDs that the other side has not read yet, mine and theirs. */
  readonly #unread = new Map<string, { mine: string[]; theirs: string[] }>();

  /** Attachments on their way: the next step finds them arrived. */
  readonly #transfers: AttachmentUpdate[] = [];

  constructor(app: MessagesApp) {
    this.#app = app;
    this.#chats = new ChatBook(app);
  }

  perform({ performance, scene, line }: PlannedStep): void {
    const said = this.#said.get(performance) ?? new Map<string, string>();
    this.#said.set(performance, said);
    for (const transfer of this.#transfers.splice(0)) this.#app.updateAttachment(transfer);
    switch (line.kind) {
      case "say":
        this.#say(scene, line, said);
        break;
      case "react":
        this.#app.tapback(this.#tapback(scene, line, said));
        break;
      case "unreact":
        this.#app.removeTapback(this.#tapback(scene, line, said));
        break;
      case "edit":
        this.#app.edit({ guid: known(said, line.to), text: line.text });
        break;
      case "unsend":
        this.#app.unsend({ guid: known(said, line.to) });
        break;
      case "happen":
        this.#app.happening({
          chat: this.#chats.chatOf(scene, false),
          kind: line.what,
          ...from(line.who),
          ...(line.member === undefined ? {} : { member: PEOPLE[line.member].address }),
          ...(line.title === undefined ? {} : { title: line.title }),
        });
        break;
      case "pause":
        break;
    }
    if (line === scene.lines.at(-1)) this.#said.delete(performance);
  }

  #say(scene: Scene, line: Say, said: Map<string, string>): void {
    const chat = this.#chats.chatOf(scene, line.isSms ?? false);
    const isMine = line.who === "me";
    this.#markRead(chat, scene, isMine);
    const { guid, attachments } = this.#app.message({
      chat,
      ...from(line.who),
      ...(line.text === "" ? {} : { text: line.text }),
      ...(line.replyTo === undefined ? {} : { replyTo: known(said, line.replyTo) }),
      ...(line.file === undefined ? {} : { attachments: [{ ...line.file, transferState: 0 }] }),
      // Messages is seen to write some join rows in a commit of their own.
      joinLater: !isMine,
    });
    if (!isMine) this.#app.join({ guid });
    else if (!line.isSms) this.#app.markDelivered({ guid });
    for (const attachment of attachments) {
      this.#transfers.push({ guid: attachment.guid, filename: filename(attachment.guid, line) });
    }
    const unread = this.#unread.get(chat) ?? { mine: [], theirs: [] };
    this.#unread.set(chat, unread);
    (isMine ? unread.mine : unread.theirs).push(guid);
    if (line.label !== undefined) said.set(line.label, guid);
  }

  /** Who answers has read what came before. Groups have no read receipts for my messages. */
  #markRead(chat: string, scene: Scene, isMine: boolean): void {
    const unread = this.#unread.get(chat);
    if (!unread) return;
    const read = isMine ? unread.theirs.splice(0) : unread.mine.splice(0);
    if (!isMine && "group" in scene.chat) return;
    for (const guid of read) this.#app.markRead({ guid });
  }

  #tapback(scene: Scene, line: React, said: ReadonlyMap<string, string>) {
    return {
      target: known(said, line.to),
      chat: this.#chats.chatOf(scene, false),
      kind: line.tapback,
      ...(line.emoji === undefined ? {} : { emoji: line.emoji }),
      ...from(line.who),
    };
  }
}

function from(who: Say["who"]): { from?: string } {
  return who === "me" ? {} : { from: PEOPLE[who].address };
}

function known(said: ReadonlyMap<string, string>, label: string): string {
  const guid = said.get(label);
  if (guid === undefined) throw new RangeError(`Cannot speak of a line that was not said: ${label}`);
  return guid;
}

function filename(guid: string, line: Say): string {
  return `~/Library/Messages/Attachments/${guid.slice(0, 2).toLowerCase()}/${guid}/${line.file?.name ?? ""}`;
}

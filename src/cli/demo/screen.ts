/** What the demo prints: first what one sees, then each thing as it reaches the client, at the end the figures. */
import { mergeTold, sentWords, unmergeTold } from "../../model/event_words.ts";
import type { ReadyMessage } from "../../model/events.ts";
import type { Clock } from "../../platform/clock.ts";
import type { DemoLabels } from "./labels.ts";
import { clip, demoLine, headingLine } from "./lines.ts";
import { type DemoMerge, type Happened, happenedIn } from "./wire.ts";
import type { Io } from "../io.ts";
import { clockTime, counted, duration, wrapped } from "../words.ts";

const EXPLANATION = `
An invented Messages app runs in a second process and writes conversations into
a chat.db like the one on a Mac; an invented Contacts app in a third one keeps
the cards of most who write there. This process watches their files, copies
every change into its own database, and tells its clients over a WebSocket. The
lines below are what such a client gets; the last column is the time from
Messages' writing it to the client's having it. Some numbers turn into names
while you watch. None of your own data is touched.
`;

/** Stands where other lines have their chat: what is told is true of all chats. */
const CONTACTS = "── Contacts";

export class DemoScreen {
  readonly #latencies: number[] = [];
  readonly #counts: Record<Happened["kind"], number> = {
    message: 0,
    tapback: 0,
    attachment: 0,
    change: 0,
    contact: 0,
  };
  /** Attachments that were told of with their message. */
  readonly #told = new Set<number>();
  #labels: DemoLabels | null = null;

  constructor(private readonly io: Io, private readonly clock: Clock) {}

  explain(): void {
    this.io.out(`chatstats-live-sync demo\n${EXPLANATION}\n`);
  }

  serving(ready: ReadyMessage, folder: string, imported: { messages: number; ms: number }): void {
    this.io.out(
      `Imported   ${counted(imported.messages, "message")} of history in ${duration(imported.ms)}\n` +
        `Folder     ${folder} (removed at the end)\n` +
        `Dashboard (this address is for this machine alone):\n${ready.url}/#token=${
          encodeURIComponent(ready.token)
        }\n\n`,
    );
  }

  /** Nothing was shown yet that could be counted. */
  stoppedEarly(): void {
    this.io.out("Stopped before it began. Nothing is left behind.\n");
  }

  begin(labels: DemoLabels): void {
    this.#labels = labels;
    this.io.out(`${headingLine(this.#columns())}\n`);
  }

  /** Takes a message of the WebSocket as it came. */
  receive(wire: unknown): void {
    const now = this.clock.now();
    const happened = happenedIn(wire);
    if (!happened || !this.#labels) return;
    this.#counts[happened.kind] += 1;
    if (happened.attachmentId !== null && this.#told.delete(happened.attachmentId)) return;
    // Both clocks count whole milliseconds: 0 means less than one.
    const ms = happened.writtenAt === null ? null : Math.max(0, Math.round(now - happened.writtenAt));
    if (ms !== null) this.#latencies.push(ms);
    const line = { time: clockTime(new Date(now)), ...this.#inWords(happened, this.#labels), ms };
    this.io.out(`${demoLine(line, this.#columns())}\n`);
  }

  end(): void {
    const { message, tapback, attachment, change, contact } = this.#counts;
    const counts = [
      counted(message, "message"),
      ...tapback === 0 ? [] : [counted(tapback, "tapback")],
      ...attachment === 0 ? [] : [counted(attachment, "attachment")],
      ...change === 0 ? [] : [counted(change, "edit or unsend", "edits or unsends")],
      ...contact === 0 ? [] : [counted(contact, "contact change")],
    ].join(", ");
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const middle = sorted[Math.floor(sorted.length / 2)];
    const worst = sorted.at(-1);
    const figures = middle === undefined || worst === undefined
      ? ""
      : `From Messages to the client: ${middle} ms typically, ${worst} ms at most.\n`;
    this.io.out(`\n${wrapped(`${counts}.`, "", this.#columns() - 1)}\n${figures}`);
  }

  #inWords(happened: Happened, labels: DemoLabels): { chat: string; text: string } {
    if (happened.kind === "contact") {
      const text = happened.merge === null ? happened.text : mergeInWords(happened.merge, labels);
      return { chat: CONTACTS, text };
    }
    const chatId = happened.chatId ??
      (happened.messageId === null ? null : labels.chatOfMessage(happened.messageId));
    const chat = chatId === null ? "" : labels.chat(chatId);
    // In a chat with one person its title says who speaks.
    const who = happened.who === null || happened.who === chat ? "" : happened.who;
    if (happened.isSpoken) return { chat, text: who ? `${who}: ${happened.text}` : happened.text };
    const target = happened.target === null ? null : labels.textOf(happened.target);
    const about = target === null ? "" : ` ${happened.targetWord} “${clip(target, 24)}”`;
    return { chat, text: `${who} ${this.#whatIn(happened, labels)}${about}`.trim() };
  }

  /** A message without text: what it brings, which its commit tells only later, in events of their own. */
  #whatIn({ kind, messageId, text }: Happened, labels: DemoLabels): string {
    if (kind !== "message" || messageId === null) return text;
    const files = labels.filesOf(messageId);
    for (const { id } of files) this.#told.add(id);
    return sentWords(files);
  }

  #columns(): number {
    return this.io.outIsTerminal ? this.io.columns() : 100;
  }
}

function mergeInWords({ fromId, intoId, messages, isUndone }: DemoMerge, labels: DemoLabels): string {
  const names = { from: labels.contact(fromId), into: labels.contact(intoId) };
  const { who, what } = isUndone ? unmergeTold(names) : mergeTold(names, messages);
  return `${who} ${what}`;
}

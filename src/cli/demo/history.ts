/** What the demo's people wrote before it begins: made in steps, with progress on a terminal, until told to stop. */
import type { Config } from "../../config.ts";
import { createChatDatabase } from "../../simulator/chat_database.ts";
import { makeContactsPast } from "../../simulator/contacts_pace.ts";
import type { ContactsPlan } from "../../simulator/contacts_plan.ts";
import { playHumanPast } from "../../simulator/human_past.ts";
import { MessagesApp } from "../../simulator/messages_app.ts";
import { populateInSteps } from "../../simulator/populate.ts";
import { yieldToEventLoop } from "../../platform/clock.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import type { Io } from "../io.ts";
import { clipped } from "../state_line.ts";
import { StatusLine } from "../status_line.ts";
import { grouped } from "../words.ts";

export interface HistoryOptions {
  readonly messages: number;
  readonly seed: number;
  readonly folder: string;
  readonly plan: ContactsPlan;
  /** The present: milliseconds since 1970 UTC. */
  readonly startedAtMs: number;
  readonly signal: AbortSignal;
}

/** More than people would write in a year: then it is the amount that somebody wants to see. */
const MOST_SAID = 20_000;
const DAY_MS = 24 * 3600 * 1000;

/** Messages of the past and most people's cards. Where it is stopped it leaves as much as it made. */
export async function makeHistory(
  io: Io,
  config: Pick<Config, "messagesDb" | "addressbookDir">,
  options: HistoryOptions,
): Promise<void> {
  Deno.mkdirSync(`${options.folder}/Messages`);
  Deno.mkdirSync(`${options.folder}/ChatStats`);
  using chatDb = createChatDatabase(config.messagesDb, { release: "macos15" });
  using line = io.errIsTerminal ? new StatusLine(io) : null;
  for (const written of past(chatDb, options)) {
    line?.show(clipped(progressText(written, options.messages), io.columns()));
    // For Ctrl-C.
    await yieldToEventLoop();
    if (options.signal.aborted) return;
  }
  makeContactsPast(options.plan, config.addressbookDir, new MessagesApp(chatDb));
}

function past(
  chatDb: Connection,
  { messages, seed, startedAtMs: endMs }: HistoryOptions,
): Iterable<number> {
  if (messages === 0) return [];
  if (messages <= MOST_SAID) return playHumanPast(chatDb, { messages, seed, endMs });
  const startMs = endMs - 2 * 365 * DAY_MS;
  // Every message has its chat, so that what is imported is what was asked for.
  const exactly = { messages, counted: "messages", unjoinedShare: 0 } as const;
  return populateInSteps(chatDb, { ...exactly, seed, startMs, endMs });
}

function progressText(written: number, messages: number): string {
  const share = Math.min(100, Math.floor(100 * written / messages));
  return `Writing ${grouped(messages)} messages of history: ${share} %`;
}

/** `contacts …`: merges listed and undone, a contact named. What they print on stdout may hold names; stderr never. */
import { readContactMerges, renameOnce, undoMergeOnce } from "../app/once.ts";
import type { Config } from "../config.ts";
import { chosenName } from "../model/chosen_name.ts";
import { LiveSyncError, UsageError } from "../model/errors.ts";
import { MAX_LIMIT } from "../model/page.ts";
import { type InstanceInfo, readInstance } from "../platform/instance.ts";
import type { Command, CommandContext } from "./command.ts";
import { ContactWords, mergesText, MergeWords, renamedLine, undoneLine } from "./contact_words.ts";
import { EXIT } from "./failure.ts";
import { JSON_FLAG } from "./flags.ts";
import { handOver } from "./hand_over.ts";
import { ask, askForMerges, understood } from "./remote.ts";

const mergesCommand: Command = {
  name: "contacts merges",
  summary: "list which contacts were merged, and why",
  description:
    "Lists the merges of contacts, the newest first: id, time, who became part of whom, why, and whether " +
    "it was undone. With --json: what GET /api/v1/contacts/merges answers, all pages in one.",
  flags: [JSON_FLAG],
  async run(context) {
    const items = await allMerges(context.config());
    print(
      context,
      { items, next: null },
      () => mergesText(items.map((item) => understood(MergeWords, item))),
    );
    return EXIT.done;
  },
};

const undoCommand: Command = {
  name: "contacts undo",
  operands: ["<id>"],
  summary: "take a merge back",
  description:
    "Takes back the merge with this id, as `contacts merges` lists it: messages, reactions and chats go where they " +
    "came from, and the two are not merged again by themselves. When an instance runs on the database, it does it.",
  flags: [JSON_FLAG],
  async run(context) {
    const id = idOf(context, "a merge, as `contacts merges` lists it");
    const merge = await handOver(
      context,
      (instance) => ask(instance, "POST", `/api/v1/contacts/merges/${id}/undo`),
      async (config, ports) => parsed(await undoMergeOnce(config, ports, id)),
    );
    print(context, merge, () => undoneLine(understood(MergeWords, merge)));
    return EXIT.done;
  },
};

const renameCommand: Command = {
  name: "contacts rename",
  // Of several words, quoted or not: an unexpected word would be told on stderr, and this one is a name.
  operands: ["<id>", "<name...>"],
  summary: "give a contact a name of your own; an empty name takes it back",
  description:
    'Gives a contact your own name for it, which wins over the address book. An empty name ("") takes it back. ' +
    "When an instance runs on the database, it does it.",
  flags: [JSON_FLAG],
  async run(context) {
    const id = idOf(context, "a contact");
    const name = nameOf(context);
    const contact = await handOver(
      context,
      (instance) => ask(instance, "PUT", `/api/v1/contacts/${id}/name`, { name }),
      async (config, ports) => parsed(await renameOnce(config, ports, id, name)),
    );
    print(context, contact, () => renamedLine(understood(ContactWords, contact)));
    return EXIT.done;
  },
};

export const contactsCommands: readonly Command[] = [mergesCommand, undoCommand, renameCommand];

function print(context: CommandContext, value: unknown, words: () => string): void {
  context.io.out(context.flag(JSON_FLAG) ? `${JSON.stringify(value)}\n` : words());
}

/** Never repeats what was typed: it may be a name. */
function idOf({ operands: [text = ""] }: CommandContext, what: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`<id> must be the number of ${what}`);
}

function nameOf({ operands: [, ...words] }: CommandContext): string {
  try {
    return chosenName(words.join(" "));
  } catch (error) {
    if (error instanceof LiveSyncError) throw new UsageError(error.message, error.hint);
    throw error;
  }
}

/** Reading needs no lock: what an instance has not told its address yet has committed stands in the file. */
async function allMerges(config: Config): Promise<readonly unknown[]> {
  const instance = readInstance(config.database)?.info ?? null;
  const items: unknown[] = [];
  let before: string | null = null;
  do {
    const page: MergesPage = await mergesPage(config, instance, before);
    items.push(...page.items);
    before = page.next;
  } while (before !== null);
  return items;
}

interface MergesPage {
  readonly items: readonly unknown[];
  readonly next: string | null;
}

async function mergesPage(
  config: Config,
  instance: InstanceInfo | null,
  before: string | null,
): Promise<MergesPage> {
  if (instance) return await askForMerges(instance, before);
  const { items, next } = readContactMerges(config, { limit: MAX_LIMIT, before });
  return { items: items.map(parsed), next };
}

function parsed(item: string): unknown {
  return JSON.parse(item);
}

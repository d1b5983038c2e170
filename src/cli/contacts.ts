/** `contacts …`: people and merges listed, a merge undone, a contact named. What they print on stdout may hold names; stderr never. */
import { readContactMerges, readContacts, renameOnce, undoMergeOnce } from "../app/offline.ts";
import type { Config } from "../config.ts";
import { chosenName } from "../model/chosen_name.ts";
import { LiveSyncError, UsageError } from "../model/errors.ts";
import { MAX_LIMIT } from "../model/page.ts";
import type { InstanceInfo } from "../platform/holder.ts";
import { readInstance } from "../platform/instance.ts";
import type { Command, CommandContext } from "./command.ts";
import {
  contactsText,
  ContactWords,
  mergesText,
  MergeWords,
  PersonWords,
  renamedLine,
  undoneLine,
} from "./contact_words.ts";
import { EXIT } from "./failure.ts";
import { JSON_FLAG, LOG_FLAGS, PLACE_FLAGS, sharedBut } from "./flags.ts";
import { handOver } from "./hand_over.ts";
import { ask, askForPage, understood } from "./remote.ts";

/** What is only read keeps no log. */
const NOT_FOR_READING = sharedBut(PLACE_FLAGS);
const NOT_FOR_CHANGES = sharedBut([...PLACE_FLAGS, ...LOG_FLAGS]);

const listCommand: Command = {
  name: "contacts list",
  // Of several words, quoted or not: an unexpected word would be told on stderr, and this one is a name.
  operands: ["[query...]"],
  summary: "list people with their ids, or those whose name, number or address has QUERY in it",
  description:
    "Lists people: id, name, numbers and addresses, and how many messages there are in the chats that they take part " +
    "in. The ids are for the other contacts commands. With --json: what GET /api/v1/contacts answers, all pages in one.",
  flags: [JSON_FLAG],
  foreign: NOT_FOR_READING,
  async run(context) {
    const query = context.operands.join(" ").trim();
    const items = await allContacts(context.config(), query === "" ? null : query);
    print(
      context,
      { items, next: null },
      () => contactsText(items.map((item) => understood(PersonWords, item)), query !== ""),
    );
    return EXIT.done;
  },
};

const mergesCommand: Command = {
  name: "contacts merges",
  summary: "list which contacts were merged, and why",
  description:
    "Lists the merges of contacts, the newest first: id, time, who became part of whom, why, and whether " +
    "it was undone. With --json: what GET /api/v1/contacts/merges answers, all pages in one.",
  flags: [JSON_FLAG],
  foreign: NOT_FOR_READING,
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
    "Takes back the merge with this id, as the list of merges has it: messages, reactions and chats go where they " +
    "came from, and the two are not merged again by themselves. When an instance runs on the database, it does it.",
  flags: [JSON_FLAG],
  foreign: NOT_FOR_CHANGES,
  async run(context) {
    const where = `To list them: \`${context.line("contacts merges")}\`.`;
    const id = idOf(context, "a merge", where);
    const merge = await found(
      handOver<unknown>(context, {
        doing: "contacts undo",
        remotely: (instance) => ask(instance, "POST", `/api/v1/contacts/merges/${id}/undo`),
        here: async (config, ports) => parsed(await undoMergeOnce(config, ports, id)),
      }),
      where,
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
  foreign: NOT_FOR_CHANGES,
  async run(context) {
    const where = `To list people with their ids: \`${context.line("contacts list")}\`.`;
    const id = idOf(context, "a contact", where);
    const name = nameOf(context);
    const contact = await found(
      handOver<unknown>(context, {
        doing: "contacts rename",
        remotely: (instance) => ask(instance, "PUT", `/api/v1/contacts/${id}/name`, { name }),
        here: async (config, ports) => parsed(await renameOnce(config, ports, id, name)),
      }),
      where,
    );
    print(context, contact, () => renamedLine(understood(ContactWords, contact)));
    return EXIT.done;
  },
};

export const contactsCommands: readonly Command[] = [listCommand, mergesCommand, undoCommand, renameCommand];

function print(context: CommandContext, value: unknown, words: () => string): void {
  context.io.out(context.flag(JSON_FLAG) ? `${JSON.stringify(value)}\n` : words());
}

/** Never repeats what was typed: it may be a name. */
function idOf({ operands: [text = ""] }: CommandContext, what: string, where: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`ID must be the number of ${what}`, where);
}

/** What was not found is told with the command that lists what there is. */
async function found<T>(work: Promise<T>, where: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof LiveSyncError) || error.code !== "not_found") throw error;
    throw new LiveSyncError(error.code, error.message, where, { cause: error });
  }
}

function nameOf({ operands: [, ...words] }: CommandContext): string {
  try {
    return chosenName(words.join(" "));
  } catch (error) {
    if (error instanceof LiveSyncError) throw new UsageError(error.message, error.hint);
    throw error;
  }
}

interface ListPage {
  readonly items: readonly unknown[];
  readonly next: string | null;
}

function allContacts(config: Config, query: string | null): Promise<readonly unknown[]> {
  return allPages(
    config,
    (instance, before) =>
      askForPage(instance, "/api/v1/contacts", { ...query === null ? {} : { query }, ...before }),
    (before) => readContacts(config, { limit: MAX_LIMIT, before, query }),
  );
}

function allMerges(config: Config): Promise<readonly unknown[]> {
  return allPages(
    config,
    (instance, before) => askForPage(instance, "/api/v1/contacts/merges", before),
    (before) => readContactMerges(config, { limit: MAX_LIMIT, before }),
  );
}

/** Reading needs no lock: what an instance has not told its address yet has committed stands in the file. */
async function allPages(
  config: Config,
  remotely: (instance: InstanceInfo, before: Readonly<Record<string, string>>) => Promise<ListPage>,
  here: (before: string | null) => { readonly items: readonly string[]; readonly next: string | null },
): Promise<readonly unknown[]> {
  const instance = readInstance(config.database)?.info ?? null;
  const readHere = (before: string | null): ListPage => {
    const { items, next } = here(before);
    return { items: items.map(parsed), next };
  };
  const items: unknown[] = [];
  let before: string | null = null;
  do {
    const page: ListPage = instance
      ? await remotely(instance, before === null ? {} : { before })
      : readHere(before);
    items.push(...page.items);
    before = page.next;
  } while (before !== null);
  return items;
}

function parsed(item: string): unknown {
  return JSON.parse(item);
}

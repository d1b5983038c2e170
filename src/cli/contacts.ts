/** `contacts …`: merges and names. */
import { notBuiltYet } from "./not_built_yet.ts";

export const contactsCommands = [
  notBuiltYet({
    name: "contacts merges",
    summary: "list which contacts were merged, and why",
    description: "Lists the merges of contacts, each with its id and reason.\n\n" +
      "Not built yet: a later version brings it.",
    flags: [],
  }),
  notBuiltYet({
    name: "contacts undo",
    operands: ["<id>"],
    summary: "take a merge back",
    description: "Takes back the merge with this id, as `contacts merges` lists it.\n\n" +
      "Not built yet: a later version brings it.",
    flags: [],
  }),
  notBuiltYet({
    name: "contacts rename",
    operands: ["<id>", "<name>"],
    summary: "give a contact a name of your own; an empty name takes it back",
    description:
      'Gives a contact your own name for it, which wins over the address book. An empty name ("") ' +
      "takes it back.\n\nNot built yet: a later version brings it.",
    flags: [],
  }),
] as const;

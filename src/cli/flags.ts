/** Every flag of the command line, with its words for `--help`. A test keeps README.md equal to this table. */

export interface Flag {
  /** As typed: `--port`. */
  readonly name: string;
  /** The value's place holder; null for a switch. */
  readonly value: string | null;
  /** The environment variable that says the same; null where there is none. */
  readonly variable: string | null;
  /** In words, for `--help`; null where there is nothing to say. */
  readonly default: string | null;
  readonly summary: string;
  readonly group: string;
  readonly repeatable?: true;
}

const PLACES = "Where things are";
const SERVER = "The server";
const SYNC = "Keeping up";
const PROCESS = "Logs and parent process";
/** Heading of the flags that belong to one command alone. */
export const OWN = "Flags of this command";

/** Flags that more than one command takes; `run` takes all of them. */
export const SHARED_FLAGS: readonly Flag[] = [
  {
    name: "--messages-db",
    value: "PATH",
    variable: "CHATSTATS_MESSAGES_DB",
    default: "~/Library/Messages/chat.db",
    summary: "database of the Messages app; it is only ever read",
    group: PLACES,
  },
  {
    name: "--addressbook-dir",
    value: "PATH",
    variable: "CHATSTATS_ADDRESSBOOK_DIR",
    default: "~/Library/Application Support/AddressBook",
    summary: "folder of the Contacts app; it is only ever read",
    group: PLACES,
  },
  {
    name: "--database",
    value: "PATH",
    variable: "CHATSTATS_DATABASE",
    default: "~/Library/Application Support/ChatStats/chatstats.db (not on a Mac: " +
      "~/.local/share/ChatStats/chatstats.db)",
    summary: "our own database; made when missing",
    group: PLACES,
  },
  {
    name: "--port",
    value: "N",
    variable: "CHATSTATS_PORT",
    default: "0",
    summary: "port on 127.0.0.1, 0 to 65535; 0: the system picks one",
    group: SERVER,
  },
  {
    name: "--token",
    value: "TEXT",
    variable: "CHATSTATS_TOKEN",
    default: "random, new at each start",
    summary:
      "secret that clients must show; the flag can be seen in the process list, so prefer the variable",
    group: SERVER,
  },
  {
    name: "--allow-origin",
    value: "ORIGIN",
    variable: "CHATSTATS_ALLOW_ORIGIN",
    default: "none",
    summary: "web page or app that may connect besides our own, such as file:// or http://localhost:5173; " +
      "repeatable, in the variable separated by commas",
    group: SERVER,
    repeatable: true,
  },
  {
    name: "--contacts-interval",
    value: "SECONDS",
    variable: "CHATSTATS_CONTACTS_INTERVAL",
    default: "60",
    summary: "time between two looks into the address book, at least 1",
    group: SYNC,
  },
  {
    name: "--sync-cooldown",
    value: "SECONDS",
    variable: "SYNC_COOLDOWN_SECONDS",
    default: "60",
    summary: "least time between two on-demand look-ups of one number or address",
    group: SYNC,
  },
  {
    name: "--conversation-gap",
    value: "MINUTES",
    variable: "CHATSTATS_CONVERSATION_GAP",
    default: "90",
    summary:
      "silence in a chat that ends a conversation; with another one, all conversations are put together anew",
    group: SYNC,
  },
  {
    name: "--region",
    value: "CC",
    variable: "CHATSTATS_REGION",
    default: "taken from the numbers at hand",
    summary: "country (US, DE, …) of phone numbers that are written without a country code",
    group: SYNC,
  },
  {
    name: "--no-file-events",
    value: null,
    variable: "CHATSTATS_FILE_EVENTS",
    default: "1 (file events on)",
    summary: "don't watch files, only look at short intervals; the variable says the same with 0",
    group: SYNC,
  },
  {
    name: "--sidecar",
    value: null,
    variable: null,
    default: null,
    summary: "speak JSON Lines on stdin and stdout, and end when stdin ends; for a parent program",
    group: PROCESS,
  },
  {
    name: "--log-level",
    value: "LEVEL",
    variable: "CHATSTATS_LOG_LEVEL",
    default: "info",
    summary: "debug, info, warning or error; logs go to stderr",
    group: PROCESS,
  },
  {
    name: "--log-format",
    value: "FORMAT",
    variable: "CHATSTATS_LOG_FORMAT",
    default: "text on a terminal, else json",
    summary: "text or json",
    group: PROCESS,
  },
];

export const JSON_FLAG: Flag = {
  name: "--json",
  value: null,
  variable: null,
  default: null,
  summary: "print JSON instead of words",
  group: OWN,
};

export const WAIT_FLAG: Flag = {
  name: "--wait",
  value: null,
  variable: null,
  default: null,
  summary: "when another instance has the database, wait for it to end instead of refusing",
  group: OWN,
};

export const SECONDS_FLAG: Flag = {
  name: "--seconds",
  value: "N",
  variable: null,
  default: "until Ctrl-C",
  summary: "end after so many seconds",
  group: OWN,
};

export const SEED_FLAG: Flag = {
  name: "--seed",
  value: "N",
  variable: null,
  default: "1",
  summary: "which invented history and conversations; the same seed gives the same ones",
  group: OWN,
};

export const MESSAGES_FLAG: Flag = {
  name: "--messages",
  value: "N",
  variable: null,
  default: "5000",
  summary: "messages that are there before it starts, 0 to 5000000",
  group: OWN,
};

export const DEMO_FLAGS: readonly Flag[] = [SECONDS_FLAG, SEED_FLAG, MESSAGES_FLAG];

/** Which database and which sources are meant. Every command that reads the database takes them, so that one set of flags serves all. */
export const PLACE_FLAGS: readonly string[] = SHARED_FLAGS
  .filter(({ group }) => group === PLACES)
  .map(({ name }) => name);

export const LOG_FLAGS: readonly string[] = ["--log-level", "--log-format"];

/** The names of all shared flags but these: what a command that means these alone refuses. */
export function sharedBut(taken: readonly string[]): readonly string[] {
  return SHARED_FLAGS.map(({ name }) => name).filter((name) => !taken.includes(name));
}

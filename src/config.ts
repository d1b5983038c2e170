/** Flags over environment over defaults: one frozen Config. Pure: what the machine says comes in as arguments. */
import { getCountries } from "libphonenumber-js/max";
import { UsageError } from "./model/errors.ts";
import type { LogLevel } from "./platform/log.ts";
import { absolutePath, defaultPaths, needsHome, type Places } from "./platform/paths.ts";

export interface Config {
  /** The person's home folder, what `~` stands for in the paths that Messages keeps. */
  readonly home: string;
  readonly messagesDb: string;
  readonly addressbookDir: string;
  readonly database: string;
  /** 0: the system picks one. */
  readonly port: number;
  readonly token: string;
  readonly allowOrigins: readonly string[];
  readonly contactsIntervalSeconds: number;
  readonly syncCooldownSeconds: number;
  /** Time between two messages of a chat that ends a conversation. */
  readonly conversationGapMinutes: number;
  /** ISO 3166 two-letter, upper case; null: taken from the handles. */
  readonly region: string | null;
  readonly sidecar: boolean;
  readonly logLevel: LogLevel;
  readonly logFormat: "text" | "json";
  /** False: no file watcher, the poll alone (how a Mac behaves, where FSEvents is silent about an open WAL). */
  readonly fileEvents: boolean;
  /** Wait for another instance to end instead of refusing (`run --wait`). */
  readonly wait: boolean;
}

/** The flags as the command line had them; what was not given is not there. */
export interface Flags {
  readonly messagesDb?: string | undefined;
  readonly addressbookDir?: string | undefined;
  readonly database?: string | undefined;
  readonly port?: string | undefined;
  readonly token?: string | undefined;
  readonly allowOrigin?: readonly string[] | undefined;
  readonly contactsInterval?: string | undefined;
  readonly syncCooldown?: string | undefined;
  readonly conversationGap?: string | undefined;
  readonly region?: string | undefined;
  readonly sidecar?: boolean | undefined;
  readonly logLevel?: string | undefined;
  readonly logFormat?: string | undefined;
  readonly fileEvents?: boolean | undefined;
  readonly wait?: boolean | undefined;
}

export interface ConfigInput extends Places {
  readonly flags: Flags;
  /** The environment; an empty value counts as not set. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths start from. */
  readonly cwd: string;
  /** A new token of 256 random bits, for when none is given. */
  readonly randomToken: () => string;
  /** Whether stderr, where the log goes, is a terminal. */
  readonly isTerminal: boolean;
}

/** A value together with the name under which it was given, for the error that names it. */
interface Given {
  readonly name: string;
  readonly value: string;
}

const LOG_LEVELS: readonly LogLevel[] = ["debug", "info", "warning", "error"];
const LOG_FORMATS: readonly Config["logFormat"][] = ["text", "json"];
/** A timer counts its milliseconds in 31 bits; this is the most whole seconds that fit. */
const LONGEST_SECONDS = 2_147_483;
/** A year: whoever wants one conversation for all time has the chat. */
const LONGEST_GAP_MINUTES = 525_600;

/** Throws {@link UsageError}, which names the flag or variable and what is allowed, never a token. */
export function readConfig(input: ConfigInput): Config {
  const { flags } = input;
  const given = (flag: string, fromFlag: string | undefined, variable: string): Given | null => {
    if (fromFlag !== undefined) return { name: flag, value: fromFlag };
    const value = input.env[variable];
    return value ? { name: variable, value } : null;
  };
  const path = (flag: string, fromFlag: string | undefined, variable: string, which: PathName) =>
    readPath(input, given(flag, fromFlag, variable), which);
  const port = given("--port", flags.port, "CHATSTATS_PORT");
  const token = given("--token", flags.token, "CHATSTATS_TOKEN");
  const interval = given("--contacts-interval", flags.contactsInterval, "CHATSTATS_CONTACTS_INTERVAL");
  const cooldown = given("--sync-cooldown", flags.syncCooldown, "SYNC_COOLDOWN_SECONDS");
  const gap = given("--conversation-gap", flags.conversationGap, "CHATSTATS_CONVERSATION_GAP");
  const region = given("--region", flags.region, "CHATSTATS_REGION");
  const level = given("--log-level", flags.logLevel, "CHATSTATS_LOG_LEVEL");
  const format = given("--log-format", flags.logFormat, "CHATSTATS_LOG_FORMAT");
  return Object.freeze<Config>({
    home: input.home ?? "~",
    messagesDb: path("--messages-db", flags.messagesDb, "CHATSTATS_MESSAGES_DB", "messagesDb"),
    addressbookDir: path(
      "--addressbook-dir",
      flags.addressbookDir,
      "CHATSTATS_ADDRESSBOOK_DIR",
      "addressbookDir",
    ),
    database: path("--database", flags.database, "CHATSTATS_DATABASE", "database"),
    port: port ? readInteger(port, 0, 65_535) : 0,
    token: token ? readToken(token) : input.randomToken(),
    allowOrigins: Object.freeze(readOrigins(input)),
    contactsIntervalSeconds: interval ? readInteger(interval, 1, LONGEST_SECONDS) : 60,
    // 0 is a meaning of its own here: no least time.
    syncCooldownSeconds: cooldown ? readInteger(cooldown, 0, LONGEST_SECONDS) : 60,
    conversationGapMinutes: gap ? readInteger(gap, 1, LONGEST_GAP_MINUTES) : 90,
    region: region ? readRegion(region) : null,
    sidecar: flags.sidecar ?? false,
    logLevel: level ? readChoice(level, LOG_LEVELS) : "info",
    logFormat: format ? readChoice(format, LOG_FORMATS) : input.isTerminal ? "text" : "json",
    fileEvents: readFileEvents(input),
    wait: flags.wait ?? false,
  });
}

type PathName = "messagesDb" | "addressbookDir" | "database";

function readPath(input: ConfigInput, given: Given | null, which: PathName): string {
  if (given?.value === "") throw new UsageError(`${given.name} needs a path`);
  if (given && (given.value.includes("\0") || given.value.endsWith("/") && which !== "addressbookDir")) {
    throw new UsageError(`${given.name} needs the path of a file`);
  }
  const home = input.home;
  if (home === null && (given === null || needsHome(given.value))) {
    throw new UsageError(
      `your home folder is not known: HOME is not set`,
      `give ${PATH_FLAGS[which]} a path`,
    );
  }
  const value = given?.value ?? defaultPaths(home ?? "", input)[which];
  return absolutePath(value, home ?? "", input.cwd);
}

const PATH_FLAGS: Readonly<Record<PathName, string>> = {
  messagesDb: "--messages-db",
  addressbookDir: "--addressbook-dir",
  database: "--database",
};

function readInteger(given: Given, least: number, most: number): number {
  const value = /^[0-9]{1,10}$/.test(given.value) ? Number(given.value) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(
    `${given.name} must be a whole number from ${least} to ${most}, not ${quoted(given.value)}`,
  );
}

/** Long enough not to be guessed, and of what fits into a URL, a header and a WebSocket's subprotocol (`token.T`). */
function readToken(given: Given): string {
  if (/^[A-Za-z0-9._~-]{16,1024}$/.test(given.value)) return given.value;
  throw new UsageError(
    `${given.name} must be 16 to 1024 letters, digits and - . _ ~, as they come from: openssl rand -hex 32`,
  );
}

/** What people write for a country that has another code. */
const OTHER_CODES: ReadonlyMap<string, string> = new Map([["UK", "GB"], ["EN", "GB"], ["EL", "GR"], [
  "USA",
  "US",
]]);

function readRegion(given: Given): string {
  const code = given.value.toUpperCase();
  const region = getCountries().find((known) => known === code);
  if (region !== undefined) return region;
  const meant = OTHER_CODES.get(code);
  throw new UsageError(
    `${given.name} must be a two-letter country code (ISO 3166) such as US or DE, not ${quoted(given.value)}`,
    meant === undefined ? "" : `did you mean ${meant}?`,
  );
}

function readChoice<T extends string>(given: Given, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === given.value);
  if (found !== undefined) return found;
  throw new UsageError(`${given.name} must be one of ${choices.join(", ")}, not ${quoted(given.value)}`);
}

function readOrigins(input: ConfigInput): string[] {
  const variable = "CHATSTATS_ALLOW_ORIGIN";
  const given: Given[] = input.flags.allowOrigin
    ? input.flags.allowOrigin.map((value) => ({ name: "--allow-origin", value: value.trim() }))
    : (input.env[variable] ?? "").split(",").map((value) => ({ name: variable, value: value.trim() }))
      .filter(({ value }) => value !== "");
  return [...new Set(given.map(readOrigin))];
}

/** As a browser sends it: `https://host:port` without a path, `null`, `file://`, or an app's own scheme. */
function readOrigin(given: Given): string {
  const wrong = () =>
    new UsageError(
      `${given.name} must be one origin such as http://localhost:5173, file:// or null, not ${
        quoted(given.value)
      }`,
    );
  if (given.value === "null") return given.value;
  const [, scheme, rest] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([\x21-\x7e]*)$/.exec(given.value) ?? [];
  if (scheme === undefined || rest === undefined || rest.includes("*")) throw wrong();
  if (!/^https?$/i.test(scheme)) return given.value;
  const url = URL.parse(given.value);
  if (!url || url.pathname !== "/" || url.search || url.hash || url.username) throw wrong();
  return url.origin;
}

function readFileEvents(input: ConfigInput): boolean {
  if (input.flags.fileEvents !== undefined) return input.flags.fileEvents;
  const name = "CHATSTATS_FILE_EVENTS";
  const value = input.env[name];
  if (!value) return true;
  return readChoice({ name, value }, ["0", "1"]) === "1";
}

/** What was typed, short and on one line. */
function quoted(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

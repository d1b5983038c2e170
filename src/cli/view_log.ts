/** What of the log `run` and `sync` show: each failure once, and on a terminal in words instead of log lines. */
import type { Config } from "../config.ts";
import { CANNOT_SYNC, CONTACTS_INCOMPLETE, STORES_UNREADABLE } from "../model/status.ts";
import type { Clock } from "../platform/clock.ts";
import { createLog, type Log, type LogFields } from "../platform/log.ts";
import type { Io } from "./io.ts";
import { folded } from "./words.ts";

/** `calm`: there is a line of state, which shows what the ordinary log says. `quiet`: a demo; `once`: a command that tells its failures itself. */
export interface ViewLogOptions {
  readonly calm: boolean;
  readonly kind: "plain" | "quiet" | "once";
  /** Takes whole lines. */
  readonly write: (lines: string) => void;
}

export function viewLog(
  io: Pick<Io, "columns">,
  clock: Clock,
  config: Pick<Config, "logLevel" | "logFormat">,
  { calm, kind, write }: ViewLogOptions,
): Log {
  // Whoever asks for more gets it, as log lines.
  const inWords = calm && config.logLevel === "info";
  const written = createLog({
    level: (calm || kind === "quiet") && config.logLevel === "info" ? "warning" : config.logLevel,
    format: config.logFormat,
    write,
    clock,
  });
  const say = (severity: string, message: string, fields: LogFields = {}) =>
    write(`${folded(`${severity}: ${sentence(message, fields)}`, "", widthOf(io))}\n`);
  const log = inWords
    ? {
      ...written,
      warning: (message: string, fields?: LogFields) => say("Warning", message, fields),
      error: (message: string, fields?: LogFields) => say("Error", message, fields),
    }
    : written;
  // Told in sentences: by the change of state, or by the command.
  const isTold = (message: string) => (inWords || kind === "once") && message === CANNOT_SYNC;
  return {
    ...log,
    warning: (message, fields = {}) => {
      const rest = kind === "once" && message === CONTACTS_INCOMPLETE ? withoutStores(fields) : fields;
      if (rest !== null) log.warning(message, rest);
    },
    error: (message, fields) => isTold(message) ? undefined : log.error(message, fields),
  };
}

/** As wide as the terminal, but not so wide that a sentence is hard to read. */
export function widthOf(io: Pick<Io, "columns">): number {
  return Math.max(40, Math.min(io.columns(), 110));
}

/** Null: there was nothing else to tell. */
function withoutStores(fields: LogFields): LogFields | null {
  const rest = Object.entries(fields).filter(([name]) => name !== STORES_UNREADABLE);
  return rest.length === 0 ? null : Object.fromEntries(rest);
}

/** What people call the log's fields; others are shown by their names. */
const FIELD_WORDS: ReadonlyMap<string, string> = new Map([
  [STORES_UNREADABLE, "accounts that cannot be read"],
  ["odd_values", "values of an unknown kind"],
  ["cards_without_identifier", "cards without a number or address"],
  ["identifiers_unknown", "numbers and addresses without a card"],
  ["ambiguous", "numbers and addresses on cards of several people"],
]);

/** `Contacts are not complete (numbers and addresses without a card: 2).` */
function sentence(message: string, fields: LogFields): string {
  const facts = Object.entries(fields).map(([name, value]) =>
    `${FIELD_WORDS.get(name) ?? name.replaceAll("_", " ")}: ${value}`
  );
  const whole = facts.length === 0 ? message : `${message} (${facts.join(", ")})`;
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

/**
 * What the layers may say; where it goes is the command line's business. Never message text, names or tokens.
 *
 * Written by hand rather than with LogTape: its loggers are reached through a process-wide `configure()`, so two
 * programs in one test process would share their sinks, and importing it costs about 24 ms of a 300 ms start. What
 * is needed is two formats of one line.
 */
import { type Clock, systemClock } from "./clock.ts";

export type LogLevel = "debug" | "info" | "warning" | "error";
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warning: () => {},
  error: () => {},
};

export interface LogOptions {
  /** Least level that is written. */
  readonly level: LogLevel;
  readonly format: "text" | "json";
  /** Takes whole lines, each with its newline. */
  readonly write: (line: string) => void;
  readonly clock?: Pick<Clock, "now">;
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2, error: 3 };

/** A log that writes one line per call: ISO time, level, message, fields. */
export function createLog(options: LogOptions): Log {
  const clock = options.clock ?? systemClock;
  const format = options.format === "json" ? jsonLine : textLine;
  const at = (level: LogLevel) => (message: string, fields: LogFields = {}) => {
    if (RANK[level] < RANK[options.level]) return;
    options.write(`${format(new Date(clock.now()).toISOString(), level, message, fields)}\n`);
  };
  return { debug: at("debug"), info: at("info"), warning: at("warning"), error: at("error") };
}

function jsonLine(time: string, level: LogLevel, message: string, fields: LogFields): string {
  const head = { time, level, message };
  // Once more at the end: a field of the same name must not hide them, and the first place keeps them in front.
  return JSON.stringify({ ...head, ...fields, ...head });
}

function textLine(time: string, level: LogLevel, message: string, fields: LogFields): string {
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${fieldText(value)}`).join("");
  return `${time} ${level.padEnd(7)} ${withoutControls(message)}${rest}`;
}

function fieldText(value: LogFields[string]): string {
  if (typeof value !== "string") return String(value);
  return /^[^\s"=\p{Cc}]+$/u.test(value) ? value : withoutControls(JSON.stringify(value));
}

/** An error's text may quote a file's content: it must neither start a new line nor steer the terminal. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

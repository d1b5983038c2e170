/** What the program says when it can't do what was asked: a sentence and what to do, never a stack trace. Pure. */
import { LiveSyncError, UsageError } from "../model/errors.ts";
import { fatalMessage } from "../model/fatal_message.ts";
import type { CommandLine } from "../platform/command_line.ts";
import { painted } from "./terminal.ts";
import { folded } from "./words.ts";

export const EXIT = { done: 0, failed: 1, usage: 2, noPermission: 3 } as const;

/** For `sync` and `doctor`, whose callers want to tell a missing permission from other failures. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof LiveSyncError)) return EXIT.failed;
  if (error.code === "usage") return EXIT.usage;
  return error.code === "needs_permission" ? EXIT.noPermission : EXIT.failed;
}

/** Message and hint: on one line, or folded at the terminal's width. */
export function failureText(error: unknown, columns: number | null, colour = false): string {
  const { message, hint } = fatalMessage(error);
  const joined = hint === "" ? message : `${message}${separator(message, hint)} ${hint}`;
  const text = folded(joined, "", columns ?? Infinity);
  return `${colour ? painted(text, "red") : text}\n`;
}

/** A hint that begins in lower case goes on with the sentence. */
function separator(message: string, hint: string): string {
  if (/[.;!?]$/.test(message)) return "";
  return /^[a-z]/.test(hint) ? ";" : ".";
}

/** What a command with `--json` prints on stdout instead of its answer. */
export function failureJson(error: unknown): string {
  const { code, message, hint } = fatalMessage(error);
  return `${JSON.stringify({ error: { code, message, hint } })}\n`;
}

/** What to type next, by a failure's code: the layers below don't know how this program was started. */
const NEXT_STEPS: ReadonlyMap<string, (line: CommandLine) => string> = new Map([
  [
    "no_database",
    (line) => `To make it: \`${line("sync")}\`. If you keep it elsewhere, name the file with --database.`,
  ],
  [
    "older_database",
    (line) => `To bring it up to date: \`${line("sync")}\`. If one has just started, wait a moment.`,
  ],
]);

/** `command`: the one that was asked for, as far as the words were understood. */
export function withNextStep(error: unknown, line: CommandLine, command: string | null): unknown {
  if (!(error instanceof LiveSyncError)) return error;
  if (error instanceof UsageError && error.hint === "") {
    return new UsageError(error.message, `see \`${line(`help ${command ?? ""}`.trim())}\``);
  }
  const hint = NEXT_STEPS.get(error.code)?.(line) ?? onceOver(error.hint, command, line);
  return hint === error.hint ? error : new LiveSyncError(error.code, error.message, hint, { cause: error });
}

/** How the layers below say that what runs on mends it by itself. */
const RESUMES = /\s*\bSyncing resumes automatically[^.]*\./;

/** Only a program that goes on can promise that: without it, for a command that is over. */
export function withoutPromise(hint: string): string {
  return hint.replace(RESUMES, "");
}

function onceOver(hint: string, command: string | null, line: CommandLine): string {
  if (command === "run" || command === "demo" || !RESUMES.test(hint)) return hint;
  const again = command === "sync" ? ` Then: \`${line("sync")}\`.` : "";
  return `${withoutPromise(hint)}${again}`;
}

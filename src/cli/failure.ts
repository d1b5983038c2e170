/** What the program says when it can't do what was asked: one line, never a stack trace. */
import { LiveSyncError } from "../model/errors.ts";
import { fatalMessage } from "../model/fatal_message.ts";

export const EXIT = { done: 0, failed: 1, usage: 2, noPermission: 3 } as const;

/** For `sync` and `doctor`, whose callers want to tell a missing permission from other failures. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof LiveSyncError)) return EXIT.failed;
  if (error.code === "usage") return EXIT.usage;
  return error.code === "needs_permission" ? EXIT.noPermission : EXIT.failed;
}

/** Message and hint on one line. */
export function failureLine(error: unknown): string {
  const { message, hint } = fatalMessage(error);
  const joined = hint === "" ? message : `${/[.;!?]$/.test(message) ? message : `${message}.`} ${hint}`;
  return joined.replace(/\p{Cc}+/gu, " ");
}

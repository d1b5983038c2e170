/** What the program says when it can't do what was asked: one line, never a stack trace. */
import { errorMessage, LiveSyncError } from "../model/errors.ts";
import type { FatalMessage } from "../model/events.ts";

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

/** The last line of a sidecar's stdout. */
export function fatalMessage(error: unknown): FatalMessage {
  const known = error instanceof LiveSyncError;
  return {
    type: "fatal",
    code: known ? error.code : "internal",
    message: errorMessage(error),
    hint: known ? error.hint : "",
  };
}

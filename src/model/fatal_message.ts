/** The last line of a sidecar's stdout, the same whether the program failed while starting or while running. */
import { errorMessage, LiveSyncError } from "./errors.ts";
import type { FatalMessage } from "./events.ts";

/** A failure that nobody foresaw has the code `internal`. */
export function fatalMessage(error: unknown): FatalMessage {
  return error instanceof LiveSyncError
    ? { type: "fatal", code: error.code, message: error.message, hint: error.hint }
    : {
      type: "fatal",
      code: "internal",
      message: errorMessage(error),
      hint: "Start it again. If it fails again, please report it with the log (--log-level debug).",
    };
}

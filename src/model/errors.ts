/**
 * The one family of errors that this program throws on purpose.
 *
 * `message` says what could not be done and why ("Cannot <do> as <constraint>"), `hint` what the person can do
 * about it. Neither ever holds message text, a name, a number or a token: both may end in a log.
 */
export class LiveSyncError extends Error {
  override readonly name: string = "LiveSyncError";
  constructor(
    readonly code: string,
    message: string,
    readonly hint: string = "",
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Wrong words on the command line or in the environment: exit code 2. */
export class UsageError extends LiveSyncError {
  override readonly name = "UsageError";
  constructor(message: string, hint = "") {
    super("usage", message, hint);
  }
}

/** What the program can't go on after, however long it waits: it says so and ends, and a new start mends it. */
export class FatalError extends LiveSyncError {
  override readonly name = "FatalError";
}

/** Text of an unknown thrown value, for a log line or `message`. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

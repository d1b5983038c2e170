/** The name that a person chooses for a contact. */
import { LiveSyncError } from "./errors.ts";

/** In characters as Unicode counts them. */
const MAX_NAME_CHARACTERS = 200;

/**
 * The name without the spaces around it; empty takes the choice back.
 *
 * Throws LiveSyncError `bad_request`, whose words never repeat the name.
 */
export function chosenName(text: string): string {
  const name = text.trim();
  // A line break or an escape sequence would steer the terminal that shows it; half a character can't be stored.
  if (/\p{Cc}/u.test(name) || !name.isWellFormed()) {
    throw new LiveSyncError(
      "bad_request",
      "The name holds a line break or another control character",
      "Give it on one line.",
    );
  }
  if ([...name].length > MAX_NAME_CHARACTERS) {
    throw new LiveSyncError(
      "bad_request",
      `The name is longer than ${MAX_NAME_CHARACTERS} characters`,
      "Give a shorter one.",
    );
  }
  return name;
}

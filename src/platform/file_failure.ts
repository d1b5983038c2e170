/** What the system meant when it refused to make, write or read a file of ours. */
import { LiveSyncError } from "../model/errors.ts";

export type FileTrouble = "disk_full" | "read_only" | "forbidden" | "not_a_folder" | "missing" | "other";

/** Deno has no class of its own for a full disk; the number is the same on Linux and macOS. Pure. */
export function fileTrouble(error: unknown): FileTrouble {
  if (!(error instanceof Error)) return "other";
  if (/\(os error (?:28|122|69)\)/.test(error.message)) return "disk_full";
  if (/\(os error 30\)/.test(error.message)) return "read_only";
  if (error instanceof Deno.errors.PermissionDenied) return "forbidden";
  if (error instanceof Deno.errors.NotADirectory || error instanceof Deno.errors.AlreadyExists) {
    return "not_a_folder";
  }
  return error instanceof Deno.errors.NotFound ? "missing" : "other";
}

const WORDS: Readonly<Record<Exclude<FileTrouble, "other">, readonly [string, string, string]>> = {
  disk_full: ["disk_full", "the disk is full", "Free some space and start again; nothing committed is lost."],
  read_only: [
    "database_read_only",
    "the volume is read-only",
    "Make it writable, or name a file somewhere else with --database.",
  ],
  forbidden: [
    "database_read_only",
    "the system does not let us write there",
    "Make the folder yours and writable, or name another file with --database.",
  ],
  not_a_folder: [
    "no_folder",
    "a part of its path is a file and no folder",
    "Name a file in a folder with --database.",
  ],
  missing: ["no_folder", "its folder is not there", "Make the folder, or name another file with --database."],
};

/**
 * In words, for files that we make beside our database. `doing` goes on after "Cannot": "make the folder /a". What the
 * system said and we don't know is given back as it is.
 *
 * Exported for its test.
 */
export function explainFileFailure(error: unknown, doing: string): unknown {
  const trouble = fileTrouble(error);
  if (trouble === "other" || error instanceof LiveSyncError) return error;
  const [code, reason, hint] = WORDS[trouble];
  return new LiveSyncError(code, `Cannot ${doing}: ${reason}`, hint, { cause: error });
}

/** Does `work`; what the system refuses is thrown in words. */
export function inWords<T>(doing: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explainFileFailure(error, doing);
  }
}

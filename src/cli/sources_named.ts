/** A folder of contacts that a person named and that is not there is a mistake; the usual one may well be missing. */
import { LiveSyncError } from "../model/errors.ts";
import type { Config } from "../config.ts";
import type { CommandContext } from "./command.ts";

/** Null where all is well, or nobody named a folder. */
export function missingNamedFolder(context: CommandContext, config: Config): LiveSyncError | null {
  if (!context.given("--addressbook-dir")) return null;
  try {
    Deno.statSync(config.addressbookDir);
    return null;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) return null;
    return new LiveSyncError(
      "addressbook_missing",
      `${config.addressbookDir} not found: the folder that --addressbook-dir names does not exist`,
      "Check how it is written, or leave the flag out to use the folder of Contacts.",
    );
  }
}

/** macOS is upgraded: Messages adds to its file what the new release needs, and the rows stay as they are. */
import { LiveSyncError } from "../../model/errors.ts";
import { isAtLeast, releaseOf, upgradeOf } from "../releases.ts";
import { type AppContext, commit } from "./context.ts";
import type { Upgrade } from "./inputs.ts";

/** One commit. Throws `no_downgrade` when the file is of a later release. */
export function upgrade(context: AppContext, { release }: Upgrade): Upgrade {
  const from = releaseOf(context.db);
  if (!isAtLeast(release, from)) {
    throw new LiveSyncError("no_downgrade", `Cannot take a chat.db of ${from} back to ${release}`);
  }
  commit(context, () => context.db.exec(upgradeOf(from, release)));
  context.tables.forgetColumns();
  return { release };
}

/** `open`: the dashboard of the running instance, in the browser. */
import { LiveSyncError } from "../model/errors.ts";
import { showDashboard } from "./browser.ts";
import { type Holder, holderText } from "../platform/holder.ts";
import { readInstance } from "../platform/instance.ts";
import type { Command, CommandContext } from "./command.ts";
import { EXIT } from "./failure.ts";
import { PLACE_FLAGS, sharedBut } from "./flags.ts";
import { reachableInstance } from "./remote.ts";

export const openCommand: Command = {
  name: "open",
  summary: "open the dashboard of the running instance in the browser",
  description:
    "Opens the dashboard of the instance that runs on the database, signed in. Where no browser can be " +
    "started, prints the address instead.",
  flags: [],
  foreign: sharedBut(PLACE_FLAGS),
  async run(context) {
    const config = context.config();
    const instance = await reachableInstance(config.database, context.clock);
    if (!instance) throw notRunning(readInstance(config.database), context);
    context.io.out(await showDashboard(instance));
    return EXIT.done;
  },
};

function notRunning(holder: Holder | null, { line, clock }: CommandContext): LiveSyncError {
  const start = `\`${line("run")}\``;
  return holder === null
    ? new LiveSyncError(
      "not_running",
      "No dashboard to open: the program is not running on this database",
      `To start it: ${start}.`,
    )
    : new LiveSyncError(
      "not_running",
      `No dashboard to open yet: the database is in use by ${holderText(holder, clock.now())}`,
      `To start the program, which waits until that is done: ${start}.`,
    );
}

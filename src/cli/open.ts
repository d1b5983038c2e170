/** `open`: the dashboard of the running instance, in the browser. */
import { LiveSyncError } from "../model/errors.ts";
import { showDashboard } from "./browser.ts";
import type { Command } from "./command.ts";
import { EXIT } from "./failure.ts";
import { reachableInstance } from "./remote.ts";

export const openCommand: Command = {
  name: "open",
  summary: "open the dashboard of the running instance in the browser",
  description:
    "Opens the dashboard of the instance that runs on the database, signed in. Where no browser can be " +
    "started, prints the address instead.",
  flags: [],
  async run(context) {
    const config = context.config();
    const instance = await reachableInstance(config.database, context.clock);
    if (!instance) {
      throw new LiveSyncError(
        "not_running",
        "Cannot open the dashboard as no instance runs on this database",
        "Start one with `run`.",
      );
    }
    context.io.out(await showDashboard(instance));
    return EXIT.done;
  },
};

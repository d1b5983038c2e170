/** `open`: the dashboard of the running instance, in the browser. */
import { LiveSyncError } from "../model/errors.ts";
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
    const address = `${instance.url}/#token=${encodeURIComponent(instance.token)}`;
    const opened = await openInBrowser(address);
    // The address with its token is shown only where it is needed.
    context.io.out(
      opened ? `Opened ${instance.url} in the browser.\n` : `Open this in a browser: ${address}\n`,
    );
    return EXIT.done;
  },
};

async function openInBrowser(address: string): Promise<boolean> {
  const opener = Deno.build.os === "darwin" ? "/usr/bin/open" : "xdg-open";
  try {
    const { success } = await new Deno.Command(opener, {
      args: [address],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

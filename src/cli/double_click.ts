/**
 * The program's file double-clicked, or its name typed and nothing else: it starts in a terminal, and whoever reads it
 * may never have seen one.
 */
import type { Config } from "../config.ts";
import { showDashboard } from "./browser.ts";
import type { CommandContext } from "./command.ts";
import { reachableInstance } from "./remote.ts";
import { runsAlreadyText, servingText, welcomeText } from "./welcome.ts";

export function isDoubleClick({ bare, io }: Pick<CommandContext, "bare" | "io">): boolean {
  return bare && io.outIsTerminal && io.errIsTerminal;
}

/** Whether an instance runs already, whose page was opened then. */
export async function showRunning({ clock, io }: CommandContext, config: Config): Promise<boolean> {
  const instance = await reachableInstance(config.database, clock);
  if (instance === null) return false;
  io.out(runsAlreadyText(instance));
  io.out(await showDashboard(instance));
  return true;
}

/** What stands above the line of state once the dashboard can be had; to be asked before permissions are dropped. */
export function servingWords(context: CommandContext): (version: string, address: string) => string {
  if (!isDoubleClick(context)) return servingText;
  const { os, standalone } = Deno.build;
  const program = standalone ? Deno.execPath() : null;
  return (version, address) => welcomeText({ version, address, os, program });
}

/** Commands whose names the contract keeps and that a later version brings. */
import { NotBuiltYetError } from "../model/errors.ts";
import type { Command } from "./command.ts";

/** Has its place in the help, and answers that it is not there yet. */
export function notBuiltYet(command: Omit<Command, "run">): Command {
  return { ...command, run: () => Promise.reject(new NotBuiltYetError(command.name)) };
}

/** What a command is to the command line. */
import { UsageError } from "../model/errors.ts";
import type { Config } from "../config.ts";
import type { Clock } from "../platform/clock.ts";
import type { CommandLine } from "../platform/command_line.ts";
import { type Flag, SHARED_FLAGS } from "./flags.ts";
import type { Io } from "./io.ts";

export interface CommandContext {
  readonly io: Io;
  readonly clock: Clock;
  /** Throws UsageError when a flag or a variable is out of range. */
  readonly config: () => Config;
  /** Value of one of the command's own flags; undefined where it was not given. */
  readonly flag: (flag: Flag) => string | true | undefined;
  /** Whether a flag was given, or the variable that says the same. */
  readonly given: (name: string) => boolean;
  /** The line to paste for other words of this program's. */
  readonly line: CommandLine;
  /** The words after the command's name. */
  readonly operands: readonly string[];
  /** Nothing at all was typed after the program's name, as when its file is double-clicked. */
  readonly bare: boolean;
  /** Who needs which permission when Messages may not be read; reads the environment. */
  readonly permissionHint: () => string;
  /** Ends the process where it stands. */
  readonly exitNow: (code: number) => void;
}

export interface Command {
  /** As typed; two words for one of a family: `contacts undo`. */
  readonly name: string;
  /** Place holders of what follows the name, as `<id>`. */
  readonly operands?: readonly string[];
  /** One line, for the list of commands. */
  readonly summary: string;
  /** For the command's own help. */
  readonly description: string;
  /** Besides the shared ones. */
  readonly flags: readonly Flag[];
  /** Names of shared flags that mean nothing to it, and that it refuses. */
  readonly foreign?: readonly string[];
  /** Of the foreign ones: those that it refuses in words of its own. */
  readonly explains?: readonly string[];
  /** Does it; gives the exit code. Throws what it could not do. */
  readonly run: (context: CommandContext) => Promise<number>;
}

/** All flags that a command takes. */
export function flagsOf({ flags, foreign = [] }: Command): readonly Flag[] {
  return [...flags, ...SHARED_FLAGS.filter(({ name }) => !foreign.includes(name))];
}

/** A flag's whole number within bounds, or `fallback` where it was not given. */
export function integerFlag<Fallback extends number | null>(
  context: Pick<CommandContext, "flag">,
  flag: Flag,
  bounds: { readonly least: number; readonly most: number; readonly fallback: Fallback },
): number | Fallback {
  const text = context.flag(flag);
  if (typeof text !== "string") return bounds.fallback;
  const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : NaN;
  if (value >= bounds.least && value <= bounds.most) return value;
  throw new UsageError(
    `${flag.name} must be a whole number from ${bounds.least} to ${bounds.most}, not ${
      JSON.stringify(text.slice(0, 60))
    }`,
  );
}

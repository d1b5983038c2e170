/**
 * Wrong words on the command line, told in one line: what is wrong, and the nearest right one. The hint begins in
 * lower case, as it goes on the same line.
 */
import type { Command as Commander, CommanderError } from "commander";
import { UsageError } from "../model/errors.ts";
import { nearest } from "./suggest.ts";

/** What gives the page of help for a command, or for all of them. */
export type HelpLine = (command?: string) => string;

/** As a person types it: `contacts undo`. */
export function nameOf(of: Commander): string {
  return of.parent?.parent ? `${of.parent.name()} ${of.name()}` : of.name();
}

export function unknownCommand(word: string, at: Commander, help: HelpLine): UsageError {
  const family = at.parent ? `${nameOf(at)} ` : "";
  const names = at.commands.map((command) => command.name()).filter((name) => !name.startsWith("_"));
  const near = nearest(word, names);
  const offer = near === null ? `see ${help()}` : `did you mean ${family}${near}?`;
  return new UsageError(`unknown command ${family}${shown(word)}`, offer);
}

/** Commander's errors in our words; what it quotes between apostrophes is the word that is wrong. */
export function usageError(error: CommanderError, root: Commander, help: HelpLine): UsageError {
  const word = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  // `--tokne=…`: the value may be a secret.
  const flag = word.split(/[= ]/)[0] ?? word;
  switch (error.code) {
    case "commander.unknownOption": {
      const names = [...root.options.map((option) => option.long ?? ""), "--help"];
      if (names.includes(flag)) return new UsageError(`flag ${flag} takes no value`, `see ${help()}`);
      const near = nearest(flag, names);
      return new UsageError(
        `unknown flag ${shown(flag)}`,
        near === null ? `see ${help()}` : `did you mean ${near}?`,
      );
    }
    case "commander.optionMissingArgument":
      return new UsageError(`flag ${flag} needs a value`, `see ${help()}`);
    default:
      return operandError(error, word, root, help);
  }
}

/** Too few words, too many, or a family's unknown member. */
function operandError(
  error: CommanderError,
  word: string,
  root: Commander,
  help: HelpLine,
): UsageError {
  const words = root.args.filter((arg) => !arg.startsWith("-"));
  const [first, second] = words;
  const family = root.commands.find((command) => command.name() === first && command.commands.length > 0);
  if (family) {
    const names = family.commands.map((command) => command.name());
    if (second === undefined) {
      return new UsageError(
        `${family.name()} needs one of ${names.join(", ")} after it`,
        `see ${help(family.name())}`,
      );
    }
    if (!names.includes(second)) return unknownCommand(second, family, help);
  }
  if (error.code === "commander.missingArgument") {
    const name = [first, family ? second : ""].join(" ").trim();
    return new UsageError(`${name} needs ${word.toUpperCase()} after it`, `see ${help(name)}`);
  }
  if (error.code === "commander.excessArguments") {
    const near = nearest(first ?? "", root.commands.map((command) => command.name()));
    if (!family && first !== undefined && !root.commands.some((command) => command.name() === first)) {
      const known = root.commands.find((command) => command.name() === near);
      const member = nearest(second ?? "", known?.commands.map((command) => command.name()) ?? []);
      const offer = near === null
        ? `see ${help()}`
        : `did you mean ${[near, member ?? ""].join(" ").trim()}?`;
      return new UsageError(`unknown command ${shown(first)}`, offer);
    }
    const wanted = Number(/Expected (\d+)/.exec(error.message)?.[1] ?? 0);
    const name = family ? `${first} ${second}` : first ?? "run";
    const extra = words[(family ? 2 : 1) + wanted] ?? "";
    return new UsageError(`unexpected word ${shown(extra)} after ${name}`, `see ${help(name)}`);
  }
  return new UsageError(error.message.replace(/^error: /, "").replaceAll("\n", " "), `see ${help()}`);
}

function shown(word: string): string {
  const short = word.length > 60 ? `${word.slice(0, 60)}…` : word;
  return /^[\x21-\x7e]+$/.test(short) ? short : JSON.stringify(short);
}

/** The pages of `--help`, made from the tables of commands and flags. Pure. */
import type { CommandLine } from "../platform/command_line.ts";
import { type Command, flagsOf } from "./command.ts";
import { type Flag, OWN, SHARED_FLAGS } from "./flags.ts";
import { PROGRAM } from "./name.ts";
import { wrapped } from "./words.ts";

const INTRODUCTION =
  "Keeps a database of your own in step with macOS Messages, and tells programs on this machine of every change. " +
  "It reads Messages' database and the address book, never writes to them, and sends nothing anywhere: it serves " +
  "127.0.0.1 alone, and only those who know its token.";

/** What the families of commands are for, by their first word. */
const FAMILIES: ReadonlyMap<string, string> = new Map([
  ["contacts", "Lists people and merges, undoes a merge, names a contact."],
  ["agent", "Starts the program at login, as a launchd user agent (macOS)."],
]);

/** The first page. */
export function overview(commands: readonly Command[], line: CommandLine, width: number): string {
  return [
    `Usage: ${PROGRAM} [COMMAND] [FLAGS]`,
    wrapped(INTRODUCTION, "", width),
    `Try it, on invented conversations and without touching anything of yours:\n\n  ${line("demo")}`,
    `Commands (without one: run)\n${commandList(commands, width)}`,
    ...groupedFlags(SHARED_FLAGS, width),
    `Other\n  -h, --help     this page; after a command, that command's page\n  -V, --version  the version`,
    "These flags are those of run; COMMAND --help lists those of a command.\n" +
    "They may stand before or after it, and win over the environment.\n" +
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no permission to read a source.",
  ].join("\n\n") + "\n";
}

/** The page of one command. */
export function commandPage(command: Command, width: number): string {
  const own = flagList(command.flags, width);
  return [
    `Usage: ${[PROGRAM, command.name, ...placeHolders(command), "[FLAGS]"].join(" ")}`,
    wrapped(command.description, "", width),
    ...own === "" ? [] : [`Flags of ${command.name}\n${own}`],
    ...groupedFlags(flagsOf(command).filter((flag) => flag.group !== OWN), width),
  ].join("\n\n") + "\n";
}

/** The page of a family of commands, such as `contacts`. */
export function familyPage(family: string, commands: readonly Command[], width: number): string {
  const members = commands.filter((command) => command.name.startsWith(`${family} `));
  return [
    `Usage: ${PROGRAM} ${family} COMMAND [FLAGS]`,
    wrapped(FAMILIES.get(family) ?? "", "", width),
    `Commands\n${commandList(members, width)}`,
  ].join("\n\n") + "\n";
}

function placeHolders(command: Command): string[] {
  return (command.operands ?? []).map((operand) => operand.replace(/[<>]|\.{3}/g, "").toUpperCase());
}

function commandList(commands: readonly Command[], width: number): string {
  const rows = commands.map((command) =>
    [[command.name, ...placeHolders(command)].join(" "), command.summary] as const
  );
  const column = Math.max(...rows.map(([term]) => term.length)) + 4;
  return rows.map(([term, summary]) => {
    const text = wrapped(summary, " ".repeat(column), width);
    return `  ${term}`.padEnd(column) + text.slice(column);
  }).join("\n");
}

function groupedFlags(flags: readonly Flag[], width: number): string[] {
  const groups = new Set(flags.map((flag) => flag.group));
  return [...groups].map((group) =>
    `${group}\n${flagList(flags.filter((flag) => flag.group === group), width)}`
  );
}

function flagList(flags: readonly Flag[], width: number): string {
  return flags.map((flag) => {
    const more = [
      flag.default === null ? [] : [`Default: ${flag.default}.`],
      flag.variable === null ? [] : [`Environment: ${flag.variable}.`],
    ].flat().join(" ");
    const lines = [`  ${flag.name}${flag.value === null ? "" : ` ${flag.value}`}`];
    lines.push(wrapped(flag.summary, "      ", width));
    if (more !== "") lines.push(wrapped(more, "      ", width));
    return lines.join("\n");
  }).join("\n");
}

/** From the words of the command line to a command and its flags, with commander. Prints nothing itself. */
import { Command as Commander, CommanderError, Option } from "commander";
import { UsageError } from "../model/errors.ts";
import type { Flags } from "../config.ts";
import type { CommandLine } from "../platform/command_line.ts";
import { type Command, flagsOf } from "./command.ts";
import { commandPage, familyPage, overview } from "./help.ts";
import { type Flag, SHARED_FLAGS } from "./flags.ts";
import { PROGRAM } from "./name.ts";
import { nearest } from "./suggest.ts";
import { type HelpLine, nameOf, unknownCommand, usageError } from "./usage_error.ts";

/** What was asked for. */
export type Invocation =
  | { readonly kind: "print"; readonly text: string }
  | {
    readonly kind: "command";
    readonly command: Command;
    readonly operands: readonly string[];
    readonly flags: Flags;
    readonly flag: (flag: Flag) => string | true | undefined;
  };

export interface ProgramOptions {
  readonly commands: readonly Command[];
  /** The one that no command means. */
  readonly fallback: Command;
  readonly version: string;
  /** The line to paste for words of this program's. */
  readonly line: CommandLine;
  /** Width that help is wrapped to. */
  readonly columns: number;
}

/** Throws {@link UsageError}: one line that names what is wrong and the nearest right one. */
export function parse(args: readonly string[], options: ProgramOptions): Invocation {
  const printed: string[] = [];
  const chosen: { command: Command; operands: readonly string[] }[] = [];
  const help: HelpLine = (command) => `\`${options.line(`help ${command ?? ""}`.trim())}\``;
  const root = rootOf(options, (text) => printed.push(text));
  for (const command of options.commands) {
    addCommand(root, command, (operands) => chosen.push({ command, operands }));
  }
  root.action((word: string | undefined) => {
    if (word !== undefined) throw unknownCommand(word, root, help);
    chosen.push({ command: options.fallback, operands: [] });
  });
  const words = normalized(args);
  refuseUnknownTopic(words, root, help);
  try {
    root.parse(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "print", text: printed.join("") };
    throw usageError(error, root, help);
  }
  const found = chosen[0];
  if (!found) return { kind: "print", text: printed.join("") };
  refuseForeignFlags(root, found.command, options.commands);
  return {
    kind: "command",
    ...found,
    flags: readFlags(root),
    flag: (flag) => {
      const value = given(root, toOption(flag).attributeName());
      return typeof value === "string" || value === true ? value : undefined;
    },
  };
}

function rootOf(options: ProgramOptions, print: (text: string) => void): Commander {
  const root = new Commander(PROGRAM);
  const width = Math.max(60, Math.min(options.columns, 100));
  root.argument("[command]")
    .version(options.version, "-V, --version")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: () => {} })
    .configureHelp({
      formatHelp(of) {
        if (of === root) return overview(options.commands, options.line, width);
        const command = options.commands.find((known) => known.name === nameOf(of));
        return command ? commandPage(command, width) : familyPage(of.name(), options.commands, width);
      },
    });
  const own = options.commands.flatMap((command) => command.flags);
  for (const flag of new Set([...SHARED_FLAGS, ...own])) root.addOption(toOption(flag));
  return root;
}

/** Families (`contacts undo`) hang below a command of their own, which only lists them. */
function addCommand(root: Commander, command: Command, choose: (operands: readonly string[]) => void): void {
  const words = command.name.split(" ");
  const last = words.pop() ?? command.name;
  let parent = root;
  for (const word of words) {
    const family = parent.commands.find((known) => known.name() === word) ??
      parent.command(word);
    parent = family;
  }
  const made = parent.command([last, ...command.operands ?? []].join(" "));
  // Whatever the number of operands: commander hands them over first, its own options and itself last.
  made.action(() => choose(made.args));
}

function toOption(flag: Flag): Option {
  const option = new Option(flag.value === null ? flag.name : `${flag.name} <${flag.value}>`);
  if (flag.repeatable) option.argParser((value: string, before: unknown) => [...strings(before), value]);
  return option;
}

/**
 * `--help run` and `help run` mean `run --help`, `version` means `--version`; everything after `--` is left as it is. A `--` right behind the command and before
 * a flag is dropped: `deno task demo -- --seconds 5` hands it on.
 */
function normalized(given: readonly string[]): string[] {
  const spoken = given[0] === "help"
    ? [...given.slice(1), "--help"]
    : given[0] === "version"
    ? ["--version", ...given.slice(1)]
    : given;
  const args = spoken[1] === "--" && spoken[2]?.startsWith("--") ? spoken.toSpliced(1, 1) : spoken;
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const isHelp = (word: string) => word === "--help" || word === "-h";
  const before = args.slice(0, end);
  return [...before.filter((word) => !isHelp(word)), ...before.filter(isHelp), ...args.slice(end)];
}

/** Commander answers a request for help with the first page, whatever the word before it was. */
function refuseUnknownTopic(words: readonly string[], root: Commander, help: HelpLine): void {
  if (!words.includes("--help") && !words.includes("-h")) return;
  const [first, second] = words;
  // `help help`: the first page is what there is to say of it.
  if (first === undefined || first.startsWith("-") || first === "help" || first === "version") return;
  const topic = root.commands.find((command) => command.name() === first);
  if (!topic) throw unknownCommand(first, root, help);
  if (topic.commands.length === 0 || second === undefined || second.startsWith("-")) return;
  if (!topic.commands.some((command) => command.name() === second)) throw unknownCommand(second, topic, help);
}

/** What was given on the command line itself; commander's own defaults don't count. */
function given(root: Commander, key: string): unknown {
  return root.getOptionValueSource(key) === "cli" ? root.getOptionValue(key) : undefined;
}

function readFlags(root: Commander): Flags {
  const text = (key: string): string | undefined => {
    const value = given(root, key);
    return typeof value === "string" ? value : undefined;
  };
  const flag = (key: string): boolean | undefined => {
    const value = given(root, key);
    return typeof value === "boolean" ? value : undefined;
  };
  const origins = given(root, "allowOrigin");
  return {
    messagesDb: text("messagesDb"),
    addressbookDir: text("addressbookDir"),
    database: text("database"),
    port: text("port"),
    token: text("token"),
    allowOrigin: origins === undefined ? undefined : strings(origins),
    contactsInterval: text("contactsInterval"),
    syncCooldown: text("syncCooldown"),
    conversationGap: text("conversationGap"),
    region: text("region"),
    sidecar: flag("sidecar"),
    logLevel: text("logLevel"),
    logFormat: text("logFormat"),
    fileEvents: flag("fileEvents"),
    wait: flag("wait"),
  };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

/** A flag that means nothing to the command is a mistake, not a wish: it is refused, with the commands that it is for. */
function refuseForeignFlags(root: Commander, command: Command, commands: readonly Command[]): void {
  const isGiven = (flag: Flag) => given(root, toOption(flag).attributeName()) !== undefined;
  const taken = flagsOf(command);
  const foreign = [...SHARED_FLAGS, ...commands.flatMap((other) => other.flags)]
    .find((flag) => isGiven(flag) && !taken.includes(flag) && !command.explains?.includes(flag.name));
  if (!foreign) return;
  const near = nearest(foreign.name, taken.map(({ name }) => name));
  const owners = commands.filter((other) => flagsOf(other).includes(foreign)).map((other) => other.name);
  const offer = near === null ? `it is for ${owners.join(", ")}` : `did you mean ${near}?`;
  throw new UsageError(`flag ${foreign.name} means nothing to ${command.name}`, offer);
}

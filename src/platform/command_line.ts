/** The line that a person can paste to have this program do something, made from how it was started. Pure. */

/** How this program was started, as far as it matters for typing it once more. */
export interface Started {
  /** A compiled binary, not Deno. */
  readonly standalone: boolean;
  /** The file that runs: our own binary, or Deno. */
  readonly executable: string;
  /** The entry's address, `file:///…/main.ts`. */
  readonly mainModule: string;
  readonly cwd: string;
  /** As `Deno.version.deno` has it. */
  readonly denoVersion: string;
}

/** Gives the whole line for what stands behind the program's name: `contacts list`. */
export type CommandLine = (words: string) => string;

/**
 * `places`: flags and values that say which database and sources are meant, as they were typed; every line repeats them,
 * as it would speak of others without.
 */
export function commandLineOf(started: Started, places: readonly string[] = []): CommandLine {
  const before = started.standalone ? [quotedForShell(started.executable)] : fromSource(started);
  return (words) => {
    const [first = "", ...rest] = words.split(" ");
    const command = started.standalone || !isCheckout(started) ? first : taskOf(first);
    const kept = first === "agent" ? [] : places.map(quotedForShell);
    return [...before, command, ...rest, ...kept].join(" ");
  };
}

/** As it can be pasted into a shell. */
export function quotedForShell(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** Deno comes from npm, with nothing installed but Node. */
function fromSource(started: Started): string[] {
  const deno = `npx -y deno@${started.denoVersion}`;
  if (!isCheckout(started)) {
    return [deno, "run -A --no-prompt", quotedForShell(pathOf(started.mainModule) ?? started.mainModule)];
  }
  const root = rootOf(started);
  // A task is found from anywhere below the checkout.
  const isInside = started.cwd === root || started.cwd.startsWith(`${root}/`);
  return isInside ? [deno, "task"] : [deno, `task --cwd ${quotedForShell(root)}`];
}

function isCheckout({ mainModule }: Started): boolean {
  return pathOf(mainModule)?.endsWith("/main.ts") ?? false;
}

function rootOf({ mainModule }: Started): string {
  return (pathOf(mainModule) ?? "").replace(/\/main\.ts$/, "") || "/";
}

function pathOf(module: string): string | null {
  const url = URL.parse(module);
  return url?.protocol === "file:" ? decodeURIComponent(url.pathname) : null;
}

/** Tasks have the names of the commands, but for the one that no name means. */
function taskOf(command: string): string {
  return command === "run" ? "start" : command;
}

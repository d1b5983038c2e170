/** The command line: words in, exit code out. */
import { type Config, readConfig } from "../config.ts";
import { commandLineOf, type Started } from "../platform/command_line.ts";
import { systemClock } from "../platform/clock.ts";
import { permissionHint } from "../platform/full_disk_access.ts";
import { VERSION_TEXT } from "../platform/version.ts";
import { agentCommands } from "./agent.ts";
import type { Command } from "./command.ts";
import { contactsCommands } from "./contacts.ts";
import { demoCommand } from "./demo.ts";
import { doctorCommand } from "./doctor.ts";
import { fatalMessage } from "../model/fatal_message.ts";
import { EXIT, exitCodeOf, failureJson, failureText, withNextStep } from "./failure.ts";
import { PLACE_FLAGS, SHARED_FLAGS } from "./flags.ts";
import { type Io, systemIo } from "./io.ts";
import { messagesApp } from "./messages_app.ts";
import { openCommand } from "./open.ts";
import { type Invocation, parse } from "./program.ts";
import { runCommand } from "./run.ts";
import { statusCommand } from "./status.ts";
import { syncCommand } from "./sync.ts";

/** Every command, in the order of the help. A test keeps README.md equal to this list. Exported for its test. */
export const COMMANDS: readonly Command[] = [
  runCommand,
  demoCommand,
  syncCommand,
  statusCommand,
  openCommand,
  doctorCommand,
  ...contactsCommands,
  ...agentCommands,
];

export interface MainPorts {
  readonly io?: Io;
  /** Ends the process where it stands: for a second Ctrl-C. */
  readonly exitNow: (code: number) => void;
}

/** Does what the words say; gives the exit code. Never throws for a failure that it can tell in words. */
export async function main(args: readonly string[], ports: MainPorts): Promise<number> {
  const io = ports.io ?? systemIo(Deno.env.toObject());
  const started = howStarted();
  let line = commandLineOf(started);
  let invocation: Invocation | null = null;
  try {
    const simulated = messagesApp(args);
    if (simulated) return await simulated;
    invocation = parse(args, {
      commands: COMMANDS,
      fallback: runCommand,
      version: VERSION_TEXT,
      line,
      columns: io.outIsTerminal ? io.columns() : 80,
    });
    if (invocation.kind === "print") {
      io.out(invocation.text);
      return EXIT.done;
    }
    line = commandLineOf(started, placesTyped(invocation));
    prepareProcess();
    return await invocation.command.run({
      io,
      clock: systemClock,
      config: configReader(invocation, io),
      flag: invocation.flag,
      given: givenBy(invocation),
      line,
      operands: invocation.operands,
      bare: args.length === 0,
      permissionHint: permissionHinter(invocation, io),
      exitNow: ports.exitNow,
    });
  } catch (thrown) {
    const error = withNextStep(thrown, line, invocation?.kind === "command" ? invocation.command.name : null);
    // A parent that reads stdout must learn of a failure there, whatever it was, a mistyped flag too.
    const tellsParent = args.includes("--sidecar") &&
      (invocation?.kind !== "command" || invocation.command === runCommand);
    if (tellsParent) tellOnStdout(io, `${JSON.stringify(fatalMessage(error))}\n`);
    else if (args.includes("--json")) tellOnStdout(io, failureJson(error));
    io.err(failureText(error, io.errIsTerminal ? io.columns() : null, io.colour));
    return exitCodeOf(error);
  }
}

/** Where stdout itself is what failed (a full disk behind it), stderr says so. */
function tellOnStdout(io: Io, text: string): void {
  try {
    io.out(text);
  } catch {
    // The failure at hand is told on stderr, whatever it was.
  }
}

/**
 * Files of ours are for their owner alone; nothing on 127.0.0.1 is asked for through a proxy, with our token; and
 * DENO_SERVE_ADDRESS, which in Deno 2.9.6 wins over the address in the code, can't open the server to the network.
 */
function prepareProcess(): void {
  if (Deno.build.os !== "windows") Deno.umask(0o077);
  Deno.env.delete("DENO_SERVE_ADDRESS");
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]) {
    Deno.env.delete(name);
    Deno.env.delete(name.toLowerCase());
  }
}

function configReader(invocation: Extract<Invocation, { kind: "command" }>, io: Io): () => Config {
  return () => {
    const env = Deno.env.toObject();
    return readConfig({
      flags: invocation.flags,
      env,
      home: env["HOME"] || null,
      xdgDataHome: env["XDG_DATA_HOME"] || null,
      os: Deno.build.os,
      cwd: Deno.cwd(),
      randomToken,
      isTerminal: io.errIsTerminal,
    });
  };
}

function howStarted(): Started {
  return {
    standalone: Deno.build.standalone,
    executable: Deno.execPath(),
    mainModule: Deno.mainModule,
    cwd: Deno.cwd(),
    denoVersion: Deno.version.deno,
  };
}

/** The places that the words name, as they were typed. */
function placesTyped({ flag }: Extract<Invocation, { kind: "command" }>): string[] {
  return SHARED_FLAGS.filter(({ name }) => PLACE_FLAGS.includes(name)).flatMap((place) => {
    const value = flag(place);
    return typeof value === "string" ? [place.name, value] : [];
  });
}

function givenBy({ flag }: Extract<Invocation, { kind: "command" }>): (name: string) => boolean {
  return (name) => {
    const shared = SHARED_FLAGS.find((known) => known.name === name);
    if (!shared) return false;
    return flag(shared) !== undefined || shared.variable !== null && !!Deno.env.get(shared.variable);
  };
}

function permissionHinter(invocation: Extract<Invocation, { kind: "command" }>, io: Io): () => string {
  return () =>
    permissionHint({
      os: Deno.build.os,
      executable: Deno.execPath(),
      sidecar: invocation.flags.sidecar ?? false,
      onTerminal: io.outIsTerminal || io.errIsTerminal || Deno.stdin.isTerminal(),
      termProgram: Deno.env.get("TERM_PROGRAM") ?? null,
      overSsh: Deno.env.get("SSH_CONNECTION") !== undefined,
      bundle: Deno.env.get("__CFBundleIdentifier") ?? null,
    });
}

/** 256 random bits in letters that fit into a URL, a header and a WebSocket's subprotocol. */
function randomToken(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url", omitPadding: true });
}

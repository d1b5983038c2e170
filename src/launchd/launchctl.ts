/** The calls of launchctl(1), one pure function each, and the port that carries them out. */
import { AGENT_LABEL } from "./places.ts";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end; the first word is the program's absolute path. */
export type Run = (argv: readonly string[]) => Promise<Ran>;

const LAUNCHCTL = "/bin/launchctl";

/** The session of the person who is logged in at the screen. */
function domain(uid: number): string {
  return `gui/${uid}`;
}

function service(uid: number): string {
  return `${domain(uid)}/${AGENT_LABEL}`;
}

/** Stops the job and forgets it; it goes on in the background after the call has returned. */
export function bootoutCall(uid: number): string[] {
  return [LAUNCHCTL, "bootout", service(uid)];
}

/** Takes back a `launchctl disable`, which would outlast the plist. */
export function enableCall(uid: number): string[] {
  return [LAUNCHCTL, "enable", service(uid)];
}

/** Makes the plist known, which starts the job (RunAtLoad). */
export function bootstrapCall(uid: number, plist: string): string[] {
  return [LAUNCHCTL, "bootstrap", domain(uid), plist];
}

/** Starts the job now, should launchd have put it off; one that runs already is left alone. */
export function kickstartCall(uid: number): string[] {
  return [LAUNCHCTL, "kickstart", service(uid)];
}

export function printCall(uid: number): string[] {
  return [LAUNCHCTL, "print", service(uid)];
}

/** launchctl answers within milliseconds; one that hangs must not hang us. */
const LIMIT_MS = 30_000;

export const systemRun: Run = async ([program = "", ...args]) => {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    stdin: "null",
    signal: AbortSignal.timeout(LIMIT_MS),
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
};

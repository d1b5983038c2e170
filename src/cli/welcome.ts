/** What a person reads who double-clicked the program, or typed its name and nothing else. Pure. */
import { quotedForShell } from "../platform/command_line.ts";
import { PROGRAM } from "./name.ts";
import { aligned } from "./words.ts";

export interface WelcomeFacts {
  readonly version: string;
  /** Of the dashboard, with its token. */
  readonly address: string;
  /** As `Deno.build.os` has it. */
  readonly os: string;
  /** The file that runs; null where it is Deno, which can't be installed as an agent. */
  readonly program: string | null;
}

/** A few lines: what this is, where to look, how to keep it and how to stop it. */
export function welcomeText({ version, address, os, program }: WelcomeFacts): string {
  const isMac = os === "darwin";
  const rows: [string, string][] = [["  Dashboard", address]];
  if (isMac && program !== null) {
    rows.push(["  At each login", `${quotedForShell(program)} agent install   (in another window)`]);
  }
  rows.push(["  Stop", `Ctrl-C${isMac ? ", or close this window" : ""}`]);
  return `ChatStats Live-Sync ${version} keeps a database of your own in step with Messages.\n` +
    `It only reads Messages and Contacts, and everything stays on this ${isMac ? "Mac" : "machine"}.\n\n` +
    `${aligned(rows)}\n`;
}

/** One more double-click while an instance runs. */
export function runsAlreadyText(instance: { readonly pid: number }): string {
  return `ChatStats Live-Sync is already running (process ${instance.pid}).\n`;
}

/** With `run` typed: whoever types it knows the rest. */
export function servingText(version: string, address: string): string {
  return `${PROGRAM} ${version}, Ctrl-C stops it. Its dashboard:\n${address}\n`;
}

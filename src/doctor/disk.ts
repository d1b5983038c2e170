/** Free space where our database is. Deno tells none, so `df` is asked. */
import type { RunCommand } from "../platform/run_command.ts";
import { type Check, failed, passed } from "./check.ts";
import { nearestFolder } from "./places.ts";

/** For the WAL, temporary indexes and what comes in a few months. */
const LEAST_BYTES = 256 * 1024 * 1024;

export interface DiskNeeds {
  /** Size of Messages' database when the first import is still to come, else 0: ours becomes about as large. */
  readonly importBytes: number;
  /** Size of ours when it is to be migrated, else 0: a backup is kept meanwhile. */
  readonly backupBytes: number;
}

export async function checkDisk(database: string, needs: DiskNeeds, run: RunCommand): Promise<Check> {
  const folder = nearestFolder(database);
  const { code, stdout } = await run(["df", "-k", "-P", folder]);
  return diskCheck(folder, code === 0 ? parseDf(stdout) : null, needs);
}

/** Pure. `freeBytes`: null where it is not known. Exported for its test. */
export function diskCheck(folder: string, freeBytes: number | null, needs: DiskNeeds): Check {
  if (freeBytes === null) {
    return passed("disk", `How much space is free at ${folder} is unknown: the system does not tell.`);
  }
  const needed = LEAST_BYTES + needs.importBytes + needs.backupBytes;
  if (freeBytes >= needed) return passed("disk", `${inWords(freeBytes)} are free at ${folder}.`);
  return failed(
    "disk",
    `${inWords(freeBytes)} are free at ${folder}, and about ${inWords(needed)} are needed.`,
    "Empty the Trash or move large files away, or name a file on another disk with --database.",
  );
}

/** The free bytes in what `df -k -P` prints, whatever the names of device and mount hold; null: it is not there. Pure. Exported for its test. */
export function parseDf(text: string): number | null {
  const line = text.trim().split("\n").at(-1) ?? "";
  const [, free] = /\s\d+\s+\d+\s+(-?\d+)\s+(?:\d+%|-)\s+\/.*$/.exec(line) ?? [];
  return free === undefined ? null : Math.max(0, Number(free)) * 1024;
}

function inWords(bytes: number): string {
  const gigabytes = bytes / 1e9;
  if (gigabytes < 1) return `${Math.round(bytes / 1e6)} MB`;
  return `${gigabytes >= 10 ? Math.round(gigabytes) : gigabytes.toFixed(1)} GB`;
}

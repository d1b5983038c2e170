/** Our own database: its folder and files writable, its content sound. Nothing is made, also when there is none yet. */
import { folderOf } from "../platform/paths.ts";
import type { RunCommand } from "../platform/run_command.ts";
import { type DatabaseFindings, examineDatabase, SCHEMA_VERSION } from "../store/examine.ts";
import { type Check, failed, failedWith, passed } from "./check.ts";
import { isThere, nearestFolder } from "./places.ts";

export interface OwnFindings {
  readonly check: Check;
  /** Migrations that the database has had; null where there is none, or it can't be read. */
  readonly version: number | null;
}

export async function checkDatabase(path: string, run: RunCommand): Promise<OwnFindings> {
  const refused = await firstUnwritable(path, run);
  if (refused !== null) return { check: refused, version: null };
  if (!isThere(path)) {
    return {
      check: passed("database", `There is none yet: it will be made at the first start, at ${path}.`),
      version: null,
    };
  }
  try {
    const findings = examineDatabase(path);
    const version = findings.kind === "ours" ? findings.version : null;
    return { check: databaseCheck(path, findings), version };
  } catch (error) {
    return { check: failedWith("database", error), version: null };
  }
}

/** Pure. */
function databaseCheck(path: string, findings: DatabaseFindings): Check {
  switch (findings.kind) {
    case "empty":
      return passed("database", `${path} is empty: it will be filled at the next start.`);
    case "foreign":
      return failed(
        "database",
        `Cannot use ${path}: it is the database of another program.`,
        "Name another file with --database.",
      );
    case "ours":
      if (findings.damage !== null) {
        return failed(
          "database",
          `${path} is damaged: ${findings.damage}.`,
          "Stop the program, move this file away (with the ones beside it that begin with its name) and start " +
            "again: everything is read from Messages anew.",
        );
      }
      return passed(
        "database",
        findings.version < SCHEMA_VERSION
          ? `${path} is sound and may be written; it will be brought up to date at the next start.`
          : `${path} is sound and may be written.`,
      );
  }
}

/** The folder (or the one in which it would be made) and our files in it, as far as they are there. */
async function firstUnwritable(path: string, run: RunCommand): Promise<Check | null> {
  const parent = folderOf(path);
  const folder = nearestFolder(path);
  if (folder !== parent && isThere(parent)) {
    return failed(
      "database",
      `Cannot keep the database at ${path}: ${parent} is a file, not a folder.`,
      "Name a file in a folder with --database.",
    );
  }
  const files = [path, `${path}-wal`, `${path}-shm`, `${path}.lock`].filter(isThere);
  for (const place of [folder, ...files]) {
    // access(2), which also knows a read-only volume and which Deno has no call for.
    const { code } = await run(["test", "-w", place]);
    if (code !== 1) continue;
    return failed(
      "database",
      `Cannot write our database: this program is not allowed to write ${place}.`,
      place === folder
        ? `In Finder, press ⌘I on ${place} and give yourself “Read & Write”, or name a file elsewhere with --database.`
        : `Make ${place} writable for yourself (in Finder, ⌘I on it), or name another file with --database.`,
    );
  }
  return null;
}

/** Before a first import: is there room for what it will write? */
import { needsImport } from "../app/offline.ts";
import type { Config } from "../config.ts";
import { checkDisk } from "../doctor/disk.ts";
import { sizeOf } from "../doctor/places.ts";
import { runCommand } from "../platform/run_command.ts";

/** What to tell the person; null where there is room, or nothing is to be imported. */
export async function spaceWarning(config: Config): Promise<string | null> {
  if (!needsImport(config)) return null;
  const importBytes = Math.max(0, sizeOf(config.messagesDb) - sizeOf(config.database));
  const { ok, message, fix } = await checkDisk(config.database, { importBytes, backupBytes: 0 }, runCommand);
  return ok ? null : `The first import may not fit: ${message} ${fix}`;
}

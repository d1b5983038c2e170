/**
 * The copy of our database that a migration leaves behind, beside the database: `chatstats.db.backup-v1` is how it was
 * at schema 1. States: unfinished (`….tmp`, made anew by whoever comes next) → whole (renamed) → deleted after the first
 * start that found nothing to migrate.
 */
import { LiveSyncError } from "../model/errors.ts";
import { fileNameOf, folderOf } from "../platform/paths.ts";
import { openDatabase } from "../sqlite/sqlite.ts";

/** Where the backup of the database at `path` stands that was made before it left schema `version`. Exported for its test. */
export function backupPath(path: string, version: number): string {
  return `${path}.backup-v${version}`;
}

/**
 * Makes the backup through SQLite, from what is committed, and gives its path; one that is there already is replaced,
 * as the database may have gone on since. Throws SqliteError (FULL, CORRUPT …), and leaves nothing unfinished then.
 */
export function makeBackup(path: string, version: number, probe: (label: string) => void): string {
  const backup = backupPath(path, version);
  const unfinished = `${backup}.tmp`;
  removeIfThere(unfinished);
  // SQLite fills an empty file that is there, and so never makes one that others may read.
  Deno.writeFileSync(unfinished, new Uint8Array(), { createNew: true, mode: 0o600 });
  try {
    using db = openDatabase(path, { readOnly: true });
    db.prepare("VACUUM INTO :unfinished").run({ unfinished });
  } catch (error) {
    removeIfThere(unfinished);
    throw error;
  }
  flush(unfinished);
  probe("backup.before_rename");
  Deno.renameSync(unfinished, backup);
  return backup;
}

/** The whole backups of the database at `path`, the newest schema first. */
export function findBackups(path: string): string[] {
  return backupsBeside(path, /^\.backup-v[0-9]+$/).sort((a, b) => b.length - a.length || (a < b ? 1 : -1));
}

/**
 * Deletes the backups of the database at `path`, unfinished ones too. Throws LiveSyncError `backup_stays` when the
 * system does not let us.
 */
export function removeBackups(path: string): void {
  for (const backup of backupsBeside(path, /^\.backup-v[0-9]+(?:\.tmp)?$/)) {
    try {
      removeIfThere(backup);
    } catch (cause) {
      throw new LiveSyncError(
        "backup_stays",
        `Cannot delete ${backup}: the system did not allow it`,
        "It is not needed any more: delete it.",
        { cause },
      );
    }
  }
}

function backupsBeside(path: string, ending: RegExp): string[] {
  const name = fileNameOf(path);
  return [...Deno.readDirSync(folderOf(path))]
    .filter((entry) => entry.name.startsWith(name) && ending.test(entry.name.slice(name.length)))
    .map((entry) => `${folderOf(path)}/${entry.name}`);
}

/** So that a power cut can't leave a backup that is whole in name alone. SQLite has closed the file and won't open it. */
function flush(backup: string): void {
  using file = Deno.openSync(backup, { read: true, write: true });
  file.syncSync();
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Files of ours are for their owner alone, also those that an older version, a copy or another umask left open. */
import { fileNameOf, folderOf } from "./paths.ts";

const OTHERS = 0o077;

/** Whether a file of this name, beside the database of the name `database`, is one of ours. Pure. Exported for its test. */
export function isOurs(name: string, database: string): boolean {
  return name === database || name === "instance.json" || name.startsWith(`${database}-`) ||
    name.startsWith(`${database}.`);
}

/**
 * Takes group's and others' rights from the database at `path` and from what stands beside it under its name: -wal,
 * -shm, lock, backups, `instance.json`. The folder keeps the mode that its owner chose. SQLite gives a new -wal the
 * mode of its database. Throws what chmod throws, where a file is somebody else's.
 */
export function makePrivate(path: string): void {
  const folder = folderOf(path);
  const database = fileNameOf(path);
  for (const { name, isFile } of Deno.readDirSync(folder)) {
    if (!isFile || !isOurs(name, database)) continue;
    const file = `${folder}/${name}`;
    const { mode } = Deno.lstatSync(file);
    if (mode !== null && (mode & OTHERS) !== 0) Deno.chmodSync(file, mode & 0o700);
  }
}

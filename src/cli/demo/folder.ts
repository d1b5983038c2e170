/**
 * The demo's throw-away folder, in the system's folder for temporary files.
 *
 * A lock (flock) on `demo.lock` in it says that its demo runs: the system gives it back when the process ends, however it
 * ends. So a folder whose lock can be had was left by a demo that was killed. States: made (no lock file yet: nobody
 * touches it) → locked → removed, or abandoned (lock free) → removed by the next demo.
 */
import { folderOf } from "../../platform/paths.ts";

const DEMO_PREFIX = "chatstats-demo-";
const LOCK = "demo.lock";

export class DemoFolder implements Disposable {
  readonly path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: DEMO_PREFIX }));
  readonly #lock = lockIn(this.path);

  [Symbol.dispose](): void {
    try {
      removeFolder(this.path);
    } finally {
      this.#lock.close();
    }
  }
}

/** It gets its name when it is locked already: a lock file that can be seen and is free is nobody's. */
function lockIn(folder: string): Deno.FsFile {
  const unfinished = `${folder}/${LOCK}.new`;
  const file = Deno.openSync(unfinished, { write: true, createNew: true, mode: 0o600 });
  file.lockSync(true);
  Deno.renameSync(unfinished, `${folder}/${LOCK}`);
  return file;
}

/** Removes what demos of this user left that were killed; gives the folders. `beside`: the folder of one that runs. */
export function removeAbandoned(beside: string): string[] {
  const parent = folderOf(beside);
  return [...Deno.readDirSync(parent)]
    .filter(({ name, isDirectory }) => isDirectory && name.startsWith(DEMO_PREFIX))
    .map(({ name }) => `${parent}/${name}`)
    .filter((folder) => folder !== beside && isOurs(folder) && removedIfAbandoned(folder));
}

function isOurs(folder: string): boolean {
  const info = orNull(() => Deno.lstatSync(folder));
  return info !== null && info.isDirectory && info.uid === Deno.uid();
}

/** Where it can't be removed it stays for another day: whoever starts a demo did not ask for this. */
function removedIfAbandoned(folder: string): boolean {
  const lock = orNull(() => Deno.openSync(`${folder}/${LOCK}`, { read: true, write: true }));
  if (!lock) return false;
  try {
    if (!lock.tryLockSync(true)) return false;
    return orNull(() => {
      removeFolder(folder);
      return true;
    }) ?? false;
  } finally {
    lock.close();
  }
}

/** The lock goes last, so that what is left by a removal that is cut short can still be told to be abandoned. */
function removeFolder(folder: string): void {
  for (const { name } of Deno.readDirSync(folder)) {
    if (name !== LOCK) Deno.removeSync(`${folder}/${name}`, { recursive: true });
  }
  Deno.removeSync(folder, { recursive: true });
}

/** Null for whatever the system refuses: missing meanwhile, not ours to open. */
function orNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}

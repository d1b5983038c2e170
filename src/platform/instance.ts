/**
 * One instance per database.
 *
 * The truth is an exclusive lock (flock) on `<database>.lock`, which the system gives back when the process ends,
 * however it ends. The lock file says who holds it, what it is doing and since when; `instance.json` beside the database
 * how to reach a holder that serves. Without the lock both are stale. States of a holder: acquired (lock held, its record
 * in the lock file) → published (instance.json tells) → released (instance.json says that it ended, lock file empty, lock
 * free). Neither file is removed: at its end the program has no permission any more to change a file by its name, and
 * removing the lock file would let two processes hold locks on two files of one name.
 *
 * A full disk stops none of it: what can't be written is written later, or left out.
 */
import { type Clock, sleep } from "./clock.ts";
import { inWords } from "./file_failure.ts";
import { type Holder, type InstanceInfo, parseRecord, recordText, type Work } from "./holder.ts";
import { InstanceFile, parseInfo, unlessMissing, writeInPlace } from "./instance_file.ts";
import { fileNameOf, folderOf } from "./paths.ts";
import { makePrivate } from "./private_files.ts";

export interface InstanceLock extends Disposable {
  /** Tells others how to reach us. False where the disk has no room for it: {@link tellAgain}. */
  publish(info: InstanceInfo): boolean;
  /** Writes what found no room before; needs no permission to write. True when all is told. */
  tellAgain(): boolean;
  /** Says in `instance.json` that it ended, and frees the lock; a second call does nothing. */
  release(): void;
}

export type Acquired =
  | { readonly lock: InstanceLock; readonly heldBy?: undefined }
  | { readonly lock: null; readonly heldBy: Holder };

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
/** A probe holds its shared lock for microseconds; being refused three times over 60 ms is no probe. */
const PROBE_MS = 20;
const ATTEMPTS = 4;
const WAIT_MS = 250;

/**
 * Takes the lock of `database` (its folder is made when missing), or says who has it. Throws LiveSyncError when the
 * system lets us make no file there.
 */
export async function acquireInstance(
  database: string,
  clock: Clock,
  doing: Work = "run",
): Promise<Acquired> {
  makePrivateFolder(folderOf(database));
  const path = canonical(database);
  for (let attempt = 1;; attempt++) {
    const file = lockNow(path);
    if (file) return { lock: held(path, file, doing) };
    if (attempt === ATTEMPTS) break;
    await sleep(clock, PROBE_MS);
  }
  return { lock: null, heldBy: readHolder(path) };
}

/**
 * Waits until the lock can be had. `onHolder` hears who has it whenever that is another than before, and may throw to
 * give up. Null when `signal` aborts first.
 */
export async function waitForInstance(
  database: string,
  signal: AbortSignal,
  clock: Clock,
  options: { readonly doing?: Work; readonly onHolder?: (holder: Holder) => void } = {},
): Promise<InstanceLock | null> {
  let known = "";
  while (!signal.aborted) {
    const { lock, heldBy } = await acquireInstance(database, clock, options.doing);
    if (lock) return lock;
    const now = JSON.stringify(heldBy);
    if (now !== known) options.onHolder?.(heldBy);
    known = now;
    await sleep(clock, WAIT_MS, signal);
  }
  return null;
}

/** Who runs on `database`; null when nobody does. Makes no file and no folder. */
export function readInstance(database: string): Holder | null {
  const path = canonical(database);
  return isHeld(path) ? readHolder(path) : null;
}

/** What a killed predecessor left in `instance.json` is not the holder's: the pid in the lock file tells them apart. */
function readHolder(path: string): Holder {
  const text = unlessMissing(() => Deno.readTextFileSync(`${path}.lock`));
  const { pid, doing, since } = parseRecord(text ?? "") ?? { pid: null, doing: null, since: null };
  const info = readInfo(path);
  return { pid, doing, since, info: info !== null && info.pid === pid ? info : null };
}

/** Whether somebody holds the lock: a shared one is tried for, so that two probes don't see each other. */
function isHeld(path: string): boolean {
  const file = unlessMissing(() => Deno.openSync(`${path}.lock`, { read: true }));
  if (!file) return false;
  try {
    return !file.tryLockSync(false);
  } finally {
    file.close();
  }
}

function lockNow(path: string): Deno.FsFile | null {
  const name = `${path}.lock`;
  const file = inWords(
    `make ${name}`,
    () => Deno.openSync(name, { read: true, write: true, create: true, mode: PRIVATE_FILE }),
  );
  if (file.tryLockSync(true)) return file;
  file.close();
  return null;
}

function held(path: string, file: Deno.FsFile, doing: Work): InstanceLock {
  const lock = new HeldLock(path, file, doing);
  try {
    inWords(`make the files beside ${path} private`, () => makePrivate(path));
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
}

class HeldLock implements InstanceLock {
  readonly #record: string;
  #isRecorded: boolean;
  #published: InstanceFile | null = null;
  #released = false;

  constructor(private readonly path: string, private readonly file: Deno.FsFile, doing: Work) {
    this.#record = recordText({ pid: Deno.pid, doing, since: new Date().toISOString() });
    this.#isRecorded = this.#writeRecord();
  }

  publish(info: InstanceInfo): boolean {
    const text = `${JSON.stringify({ ...info, database: this.path }, null, 2)}\n`;
    this.#published = new InstanceFile(publishPath(this.path), text);
    return this.tellAgain();
  }

  tellAgain(): boolean {
    this.#isRecorded ||= this.#writeRecord();
    return this.#isRecorded && (this.#published?.write() ?? true);
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    // First the files, then the lock: whoever gets the lock next must not lose what it writes.
    this.#published?.end(new Date());
    this.file.truncateSync(0);
    this.file.close();
  }

  [Symbol.dispose](): void {
    this.release();
  }

  #writeRecord(): boolean {
    return inWords(`write ${this.path}.lock`, () => writeInPlace(this.file, this.#record));
  }
}

/** `instance.json`, unless another database of the same folder is running under that name just now. */
function publishPath(path: string): string {
  const shared = `${folderOf(path)}/instance.json`;
  const other = parseInfo(shared);
  return other && other.database !== path && isHeld(other.database) ? ownPath(path) : shared;
}

function ownPath(path: string): string {
  return `${path}.instance.json`;
}

/** The newest of the two places that speaks of this very database. */
function readInfo(path: string): InstanceInfo | null {
  const found = [`${folderOf(path)}/instance.json`, ownPath(path)]
    .map(parseInfo)
    .filter((info) => info !== null)
    .filter((info) => info.database === path)
    .sort((a, b) => a.started_at < b.started_at ? 1 : -1);
  return found[0] ?? null;
}

/** An existing folder keeps the mode that its owner chose. */
function makePrivateFolder(folder: string): void {
  inWords(
    `make the folder ${folder}`,
    () => Deno.mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER }),
  );
}

/** One database has one name: symbolic links followed (`/tmp` is one on macOS), also before the file is made. */
function canonical(database: string): string {
  const whole = unlessMissing(() => Deno.realPathSync(database));
  if (whole !== null) return whole;
  const folder = unlessMissing(() => Deno.realPathSync(folderOf(database)));
  return folder === null ? database : `${folder === "/" ? "" : folder}/${fileNameOf(database)}`;
}

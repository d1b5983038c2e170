/**
 * One instance per database.
 *
 * The truth is an exclusive lock (flock) on `<database>.lock`, which the system gives back when the process ends,
 * however it ends. `instance.json` beside the database only tells how to reach the holder; without the lock it is
 * stale. States of a holder: acquired (lock held, pid in the lock file) → published (instance.json tells) → released
 * (instance.json empty, lock free). It is emptied, not removed: the file is held open for that, as at its end the
 * program has no permission any more to change a file by its name. The lock file stays for ever as well: removing it
 * would let two processes hold locks on two files of one name.
 */
import { type Clock, sleep } from "./clock.ts";
import { inWords } from "./file_failure.ts";
import { fileNameOf, folderOf } from "./paths.ts";
import { makePrivate } from "./private_files.ts";

/** What `instance.json` holds. The token is a secret: the file is for its owner alone (0600). */
export interface InstanceInfo {
  readonly pid: number;
  readonly url: string;
  readonly ws: string;
  readonly token: string;
  readonly feed: string;
  readonly version: string;
  /** ISO 8601. */
  readonly started_at: string;
  readonly database: string;
}

/** Who has the lock: known by its pid from the first moment, by `info` once it answers HTTP. */
export interface Holder {
  readonly pid: number | null;
  readonly info: InstanceInfo | null;
}

export interface InstanceLock extends Disposable {
  /** Tells others how to reach us; may be called again. */
  publish(info: InstanceInfo): void;
  /** Empties `instance.json` and frees the lock; a second call does nothing. */
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
export async function acquireInstance(database: string, clock: Clock): Promise<Acquired> {
  makePrivateFolder(folderOf(database));
  const path = canonical(database);
  for (let attempt = 1;; attempt++) {
    const file = lockNow(path);
    if (file) return { lock: held(path, file) };
    if (attempt === ATTEMPTS) break;
    await sleep(clock, PROBE_MS);
  }
  return { lock: null, heldBy: readHolder(path) };
}

/** Waits until the lock can be had; null when `signal` aborts first. */
export async function waitForInstance(
  database: string,
  signal: AbortSignal,
  clock: Clock,
): Promise<InstanceLock | null> {
  makePrivateFolder(folderOf(database));
  const path = canonical(database);
  while (!signal.aborted) {
    const file = lockNow(path);
    if (file) return held(path, file);
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
  const pid = readPid(path);
  const info = readInfo(path);
  return { pid, info: info !== null && info.pid === pid ? info : null };
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

function held(path: string, file: Deno.FsFile): InstanceLock {
  const lock = new HeldLock(path, file);
  try {
    inWords(`make the files beside ${path} private`, () => makePrivate(path));
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
}

class HeldLock implements InstanceLock {
  /** `instance.json`, open. */
  #published: Deno.FsFile | null = null;
  #released = false;
  constructor(private readonly path: string, private readonly file: Deno.FsFile) {
    inWords(`write ${path}.lock`, () => {
      this.file.truncateSync(0);
      this.file.writeSync(new TextEncoder().encode(`${Deno.pid}\n`));
    });
  }
  publish(info: InstanceInfo): void {
    const target = publishPath(this.path);
    const text = `${JSON.stringify({ ...info, database: this.path }, null, 2)}\n`;
    this.#published?.close();
    this.#published = inWords(`write ${target}`, () => writeAtomically(target, text));
  }
  release(): void {
    if (this.#released) return;
    this.#released = true;
    // First the file, then the lock: whoever gets the lock next must not lose what it writes.
    this.#published?.truncateSync(0);
    this.#published?.close();
    this.file.close();
  }
  [Symbol.dispose](): void {
    this.release();
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

/** The file's content, or null where it is missing, cut off or not of this shape. */
function parseInfo(path: string): InstanceInfo | null {
  const text = unlessMissing(() => Deno.readTextFileSync(path));
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isInfo(value) ? value : null;
}

function isInfo(value: unknown): value is InstanceInfo {
  if (typeof value !== "object" || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return typeof fields.get("pid") === "number" &&
    ["url", "ws", "token", "feed", "version", "started_at", "database"]
      .every((name) => typeof fields.get(name) === "string");
}

function readPid(path: string): number | null {
  const text = unlessMissing(() => Deno.readTextFileSync(`${path}.lock`));
  return text !== null && /^[0-9]+\n$/.test(text) ? Number(text) : null;
}

/** Gives the file, open. */
function writeAtomically(path: string, text: string): Deno.FsFile {
  const unfinished = `${path}.${Deno.pid}.tmp`;
  // A file left by a crash would keep its own mode.
  unlessMissing(() => Deno.removeSync(unfinished));
  const file = Deno.openSync(unfinished, { write: true, createNew: true, mode: PRIVATE_FILE });
  try {
    writeWhole(file, text);
    Deno.renameSync(unfinished, path);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

function writeWhole(file: Deno.FsFile, text: string): void {
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) rest = rest.subarray(file.writeSync(rest));
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

function unlessMissing<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}

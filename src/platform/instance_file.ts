/**
 * `instance.json`: how to reach the program that holds a database.
 *
 * States of a file of ours: written whole → told; no room on the disk → open and empty, until {@link InstanceFile.write}
 * finds room → told; told → ended (a record without an address). It stays open all the time, as the running program
 * may change no file by its name any more.
 */
import { recordOf } from "../model/json.ts";
import { fileTrouble, inWords } from "./file_failure.ts";
import type { InstanceInfo } from "./holder.ts";

const PRIVATE_FILE = 0o600;

/** The file's content, or null where it is missing, cut off or not of this shape. */
export function parseInfo(path: string): InstanceInfo | null {
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
  const fields = recordOf(value);
  return typeof fields["pid"] === "number" &&
    ["url", "ws", "token", "feed", "version", "started_at", "database"]
      .every((name) => typeof fields[name] === "string");
}

export class InstanceFile {
  readonly #file: Deno.FsFile;
  #isTold = false;

  /** Puts a new file in the place of `path`, with `text` where there is room for it. Throws LiveSyncError. */
  constructor(private readonly path: string, private readonly text: string) {
    this.#file = inWords(`write ${path}`, () => this.#replace());
  }

  get isTold(): boolean {
    return this.#isTold;
  }

  /** Tries again what found no room before. Throws LiveSyncError for any other trouble. */
  write(): boolean {
    if (!this.#isTold) {
      this.#isTold = inWords(`write ${this.path}`, () => writeInPlace(this.#file, this.text));
    }
    return this.#isTold;
  }

  /** Leaves a record that says that it ended, which any reader of JSON can read, without token and address. */
  end(at: Date): void {
    writeInPlace(this.#file, `${JSON.stringify({ ended_at: at.toISOString() })}\n`);
    this.#file.close();
  }

  /** Whoever reads it finds the old or the new content, never half of it. */
  #replace(): Deno.FsFile {
    const unfinished = `${this.path}.${Deno.pid}.tmp`;
    // A file left by a crash would keep its own mode.
    unlessMissing(() => Deno.removeSync(unfinished));
    const file = Deno.openSync(unfinished, { write: true, createNew: true, mode: PRIVATE_FILE });
    try {
      this.#isTold = writeInPlace(file, this.text);
      Deno.renameSync(unfinished, this.path);
      return file;
    } catch (error) {
      file.close();
      throw error;
    }
  }
}

/**
 * Over what stands there, then cut to length: a full disk has room for what is no longer than before. False where it has
 * none; the file is empty then.
 */
export function writeInPlace(file: Deno.FsFile, text: string): boolean {
  const bytes = new TextEncoder().encode(text);
  file.seekSync(0, Deno.SeekMode.Start);
  try {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(file.writeSync(rest));
    file.truncateSync(bytes.length);
    return true;
  } catch (error) {
    if (fileTrouble(error) !== "disk_full") throw error;
    file.truncateSync(0);
    return false;
  }
}

export function unlessMissing<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}

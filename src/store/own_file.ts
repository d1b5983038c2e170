/**
 * Whether the files that we have open are still those that stand at our path. Who throws the folder away, or puts
 * another file in its place, leaves us writing into files that nobody can see; SQLite does not notice.
 */
import { FatalError, LiveSyncError } from "../model/errors.ts";

/** Read by stat alone: opening our own database by hand would drop SQLite's locks. */
export type FileIdentity = (path: string) => string | null;

export class OwnFile {
  readonly #path: string;
  readonly #identify: FileIdentity;
  readonly #opened: readonly (string | null)[];

  /** Made right after the database was opened and read, when its WAL is there. */
  constructor(path: string, identify: FileIdentity = identityOf) {
    this.#path = path;
    this.#identify = identify;
    this.#opened = this.#now();
  }

  /**
   * Throws FatalError `database_gone` when the database, its WAL or its -shm is another file now, or none; LiveSyncError
   * `database_unreachable`, which may pass, when the system does not let us see.
   */
  check(): void {
    const now = this.#nowInWords();
    // What SQLite had not made yet is nothing that somebody took away.
    if (this.#opened.every((identity, index) => identity === null || identity === now[index])) return;
    const missing = now[0] === null;
    throw new FatalError(
      "database_gone",
      `Cannot go on: our database at ${this.#path} was ${
        missing ? "taken away" : "replaced"
      } while it was open`,
      `Start again: ${missing ? "a new one is made and" : "the new one is opened, and what it lacks"} ` +
        "is read from Messages.",
    );
  }

  /**
   * Whether the connection may be closed: SQLite then deletes the WAL by its name, which may be that of somebody else's
   * database by now. Where our WAL alone was deleted, closing is what saves its commits.
   */
  get mayClose(): boolean {
    let now: (string | null)[];
    try {
      now = this.#now();
    } catch {
      // Unknown: what was not closed is recovered at the next start, what was deleted is not.
      return false;
    }
    const [database, ...sidecars] = now;
    const isOurs = (identity: string | null, index: number) => {
      const opened = this.#opened[index + 1] ?? null;
      return identity === null || opened === null || identity === opened;
    };
    return database === this.#opened[0] && sidecars.every(isOurs);
  }

  #nowInWords(): (string | null)[] {
    try {
      return this.#now();
    } catch (cause) {
      throw new LiveSyncError(
        "database_unreachable",
        `Our database at ${this.#path} is not reachable: the system did not allow it`,
        "Make its folder and its volume readable again. Syncing resumes automatically.",
        { cause },
      );
    }
  }

  #now(): (string | null)[] {
    // With another -shm than ours, another process no longer sees our locks, nor we its own.
    return [this.#path, `${this.#path}-wal`, `${this.#path}-shm`].map(this.#identify);
  }
}

/** Device and inode of the file; null when there is none. Throws what else the system says, as that may pass. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino } = Deno.statSync(path);
    return `${dev}:${ino}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}

/**
 * The `-wal` file, opened for one reading. It carries no locks, so that opening and closing it by hand is safe, which it
 * is not for the database or its -shm. Opened anew each time: a handle that is kept goes deaf when the file is deleted
 * and made again, and finding that out costs as much as opening (5 µs against 3, measured).
 */
import { LiveSyncError } from "../model/errors.ts";

export class WalFile implements Disposable {
  readonly #file: Deno.FsFile;
  private constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /** Of the database at `databasePath`, which itself is not touched. Null when there is none. Throws LiveSyncError. */
  static open(databasePath: string): WalFile | null {
    try {
      return new WalFile(Deno.openSync(`${databasePath}-wal`));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw unreadable(error);
    }
  }

  /** Fills `into` with what stands at `offset`; what it gives is shorter at the end of the file. Throws LiveSyncError. */
  read(offset: number, into: Uint8Array): Uint8Array {
    try {
      this.#file.seekSync(offset, Deno.SeekMode.Start);
      let filled = 0;
      while (filled < into.length) {
        const count = this.#file.readSync(into.subarray(filled));
        if (count === null) break;
        filled += count;
      }
      return into.subarray(0, filled);
    } catch (error) {
      throw unreadable(error);
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

function unreadable(cause: unknown): LiveSyncError {
  return new LiveSyncError(
    "wal_unreadable",
    "Cannot read the WAL of Messages' database: the system did not allow it",
    "Give the program Full Disk Access; until then changes of old messages are found by comparing everything.",
    { cause },
  );
}

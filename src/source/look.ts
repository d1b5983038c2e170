/**
 * A look at the source: is it there, is it the attached file, does SQLite still read the WAL that stands beside it, did
 * somebody commit? Three stats and one pragma. Must run outside a transaction: inside, `data_version` stands still.
 */
import type { MessagesDb } from "./messages_db.ts";
import {
  inspectSource,
  realPathOf,
  sameFile,
  sameSidecars,
  type Sidecars,
  sidecarsOf,
  type SourceFile,
  type SourceFileState,
  statSource,
} from "./source_files.ts";

export type Look =
  /** Nothing was committed since the last look. */
  | { readonly kind: "quiet"; readonly wal: WalFile | null }
  /** Something was committed or checkpointed, at `modifiedMs` (milliseconds since 1970, as the WAL's file says). */
  | { readonly kind: "moved"; readonly wal: WalFile | null; readonly modifiedMs: number }
  /**
   * The `-wal` or `-shm` at the path is not the one that we have open: it was deleted under us, or made anew. The handle is
   * deaf from then on, and `data_version` says nothing of it.
   */
  | { readonly kind: "deaf"; readonly file: SourceFile; readonly sidecars: Sidecars }
  /** The file at the path is not the attached one (also: nothing was attached yet). */
  | { readonly kind: "other_file"; readonly file: SourceFile; readonly sidecars: Sidecars }
  | Exclude<SourceFileState, { kind: "present" }>;

export interface WalFile {
  readonly path: string;
  /** Device and inode. */
  readonly identity: string;
}

export class SourceLook {
  readonly #source: MessagesDb;
  #version: number | null = null;
  constructor(source: MessagesDb) {
    this.#source = source;
  }

  /** Throws LiveSyncError when SQLite can't read the attached file. */
  look(): Look {
    const { attachment, path } = this.#source;
    const seen = statSource(path);
    if (
      seen.kind === "present" && attachment !== null && sameFile(attachment.identity, seen.file.identity)
    ) {
      const sidecars = sidecarsOf(attachment.realPath);
      if (sameSidecars(attachment.sidecars, sidecars)) {
        return this.#lookIntoIt(seen.file, sidecars, `${attachment.realPath}-wal`);
      }
      this.#version = null;
      return { kind: "deaf", file: seen.file, sidecars };
    }
    // What is about to be opened must be looked at more closely; what is open need not be, 40 times a second.
    const closer = inspectSource(path);
    if (closer.kind !== "present") return closer;
    this.#version = null;
    return { kind: "other_file", file: closer.file, sidecars: sidecarsOf(realPathOf(path)) };
  }

  /** Whether somebody committed since the last look; no stat. True where that can't be told: a look says more. */
  peek(): boolean {
    try {
      return this.#source.attachment === null || this.#source.dataVersion() !== this.#version;
    } catch {
      return true;
    }
  }

  #lookIntoIt(seen: SourceFile, sidecars: Sidecars, walPath: string): Look {
    const wal = sidecars.wal === null ? null : { path: walPath, identity: sidecars.wal };
    const version = this.#source.dataVersion();
    if (version === this.#version) return { kind: "quiet", wal };
    this.#version = version;
    return { kind: "moved", wal, modifiedMs: Math.max(seen.fileModifiedMs, sidecars.walModifiedMs) };
  }
}

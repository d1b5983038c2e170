/**
 * A look at the source: is it there, is it the attached file, did somebody commit? One stat and one pragma.
 * Must run outside a transaction: inside, `data_version` stands still.
 */
import type { MessagesDb } from "./messages_db.ts";
import { glance, type Presence, sameFile, type SourceGlance, statSource, walModifiedMs } from "./presence.ts";

export type Look =
  /** Nothing was committed since the last look. */
  | { readonly kind: "quiet" }
  /** Something was committed or checkpointed, at `modifiedMs` (milliseconds since 1970, as the WAL's file says). */
  | { readonly kind: "moved"; readonly modifiedMs: number }
  /** The file at the path is not the attached one (also: nothing was attached yet). */
  | { readonly kind: "other_file"; readonly glance: SourceGlance }
  | Exclude<Presence, { kind: "present" }>;

export class SourceLook {
  readonly #source: MessagesDb;
  #version: number | null = null;
  constructor(source: MessagesDb) {
    this.#source = source;
  }

  /** Throws LiveSyncError when SQLite can't read the attached file. */
  look(): Look {
    const { identity, path } = this.#source;
    const seen = statSource(path);
    if (seen.kind === "present" && identity !== null && sameFile(identity, seen.glance.identity)) {
      return this.#lookIntoIt(seen.glance);
    }
    // What is about to be opened must be looked at more closely; what is open need not be, 40 times a second.
    const closer = glance(path);
    if (closer.kind !== "present") return closer;
    this.#version = null;
    return { kind: "other_file", glance: closer.glance };
  }

  #lookIntoIt(seen: SourceGlance): Look {
    const version = this.#source.dataVersion();
    if (version === this.#version) return { kind: "quiet" };
    this.#version = version;
    return { kind: "moved", modifiedMs: Math.max(seen.fileModifiedMs, walModifiedMs(this.#source.path)) };
  }
}

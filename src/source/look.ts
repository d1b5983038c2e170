/**
 * A look at the source: is it there, is it the attached file, did somebody commit? One stat and one pragma.
 * Must run outside a transaction: inside, `data_version` stands still.
 */
import {
  glance,
  type MessagesDb,
  type Presence,
  sameFile,
  type SourceGlance,
  walModifiedMs,
} from "./messages_db.ts";

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

  look(): Look {
    const presence = glance(this.#source.path);
    if (presence.kind !== "present") return presence;
    const { identity } = this.#source;
    if (identity === null || !sameFile(identity, presence.glance.identity)) {
      this.#version = null;
      return { kind: "other_file", glance: presence.glance };
    }
    const version = this.#source.dataVersion();
    if (version === this.#version) return { kind: "quiet" };
    this.#version = version;
    return {
      kind: "moved",
      modifiedMs: Math.max(presence.glance.fileModifiedMs, walModifiedMs(this.#source.path)),
    };
  }
}

/** What a pass is given to do, and what it says that it did. */
import type { WireEvent } from "../../model/feed.ts";
import type { Log } from "../../platform/log.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import type { MessagesDb } from "../../source/messages_db.ts";
import type { Outbox } from "../../store/outbox.ts";
import type { StateStore } from "../../store/state.ts";
import { type ChangedSlice, NO_SLICE, wholeSlice } from "./changed_rows.ts";
import type { RowRange } from "../../model/changed_rows.ts";
import type { Mended } from "./comparison.ts";
import type { ChangeCounts } from "./logged_changes.ts";

/** What every pass works on. */
export interface PassContext {
  readonly db: Connection;
  readonly source: MessagesDb;
  readonly outbox: Outbox;
  readonly state: StateStore;
  /** What `~` in an attachment's path stands for. */
  readonly home: string;
  readonly log: Pick<Log, "debug">;
  /** Called at the named steps, where a test may cut the power. */
  readonly probe: (label: string) => void;
}

interface AnyPass {
  /** Of numbers without a country code; null: not known. */
  readonly region: string | null;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

interface SlicePass extends AnyPass {
  /** At most so many new messages, waiting tapbacks and new attachments. */
  readonly sliceRows: number;
}

/** The first part of the import: messages have no indexes yet, so attachments wait. Nothing is told. */
export interface ImportRows extends SlicePass {
  readonly kind: "import_rows";
}

/** The rest of the import: everything, and nothing is told. */
export interface ImportRest extends SlicePass {
  readonly kind: "import_rest";
  /** Waiting tapbacks with a ROWID above it are examined; null: only those of new messages. */
  readonly tapbacksAfter: number | null;
  /** Positions of the feed from before the import mean nothing to whoever may come back with one. */
  readonly breaksFeed: boolean;
}

/** A catch-up, of one new message or of a year. */
export interface LivePass extends SlicePass {
  readonly kind: "live";
  /** What the catch-up was asked for by: `commit`, `start`, `request`, … */
  readonly reason: string;
  /** As in {@link ImportRest}. */
  readonly tapbacksAfter: number | null;
  /** So many of the newest known messages are examined again in a thorough pass. */
  readonly lookBack: number;
  /**
   * Whether all rows that wait and the newest known messages are examined again. Where nothing tells what changed, a pass
   * that finds no new message is thorough anyway: what was committed must have been something else.
   */
  readonly thorough: boolean;
  /**
   * Known rows that commits may have changed, as the source's WAL tells. Null: it does not tell, so what waits and what is
   * recent is examined instead.
   */
  readonly changed: ChangedSlice | null;
  /** Commits may have been missed: the source's lists of what was deleted are read, too, and a comparison begins. */
  readonly gap: boolean;
  /** The joins that were examined before; a thorough pass examines those written since. Null: all that waits. */
  readonly joinsSeen: JoinsSeen | null;
  /** The rows of a file that replaced another one are read again, and this is not the end of it. */
  readonly rewalk: Rewalk | null;
  /** A backlog of more rows is told as one resync. */
  readonly bulkAbove: number;
}

export interface Rewalk {
  /** Events that were told of it so far. */
  readonly told: number;
}

/** A slice of the walk that compares everything. */
export interface ComparePass extends AnyPass {
  readonly kind: "compare";
  /** Null: nothing is left but what slices before put off. */
  readonly range: RowRange | null;
  /** The last slice of the walk. */
  readonly isEnd: boolean;
  readonly joinsSeen: JoinsSeen | null;
  /** So much was mended that clients hear of it in one `resync` at the end. */
  readonly untold: boolean;
}

export type Pass = ImportRows | ImportRest | LivePass | ComparePass;

/** What follows from a pass's shape. */
export interface PassScope {
  /** Rows above the watermarks are taken. */
  readonly takesNew: boolean;
  readonly sliceRows: number;
  /** Messages have their indexes, and everything that hangs on them comes in, too. */
  readonly indexed: boolean;
  readonly changed: ChangedSlice | null;
  readonly listed: boolean;
  readonly lookBack: number;
  readonly thorough: boolean;
  /** Waiting rows that were deleted in the source wait no more. */
  readonly dropsDeletedWaiting: boolean;
  readonly joinsSeen: JoinsSeen | null;
  readonly tapbacksAfter: number | null;
}

const IMPORT_SCOPE = {
  takesNew: true,
  changed: null,
  listed: false,
  lookBack: 0,
  thorough: true,
  dropsDeletedWaiting: true,
  joinsSeen: null,
} as const;

/** Reason of the thorough pass that follows a quick one. */
export const LOOK_BACK = "look_back";

/** Pure. */
export function scopeOf(pass: Pass): PassScope {
  switch (pass.kind) {
    case "import_rows":
      return { ...IMPORT_SCOPE, sliceRows: pass.sliceRows, indexed: false, tapbacksAfter: null };
    case "import_rest":
      return {
        ...IMPORT_SCOPE,
        sliceRows: pass.sliceRows,
        indexed: true,
        tapbacksAfter: pass.tapbacksAfter,
      };
    case "live":
      return {
        takesNew: true,
        sliceRows: pass.sliceRows,
        indexed: true,
        changed: pass.changed,
        listed: pass.gap,
        lookBack: pass.lookBack,
        thorough: pass.thorough || pass.gap,
        // What follows a quick pass has seen no commit of its own, so nothing can have been deleted.
        dropsDeletedWaiting: pass.reason !== LOOK_BACK,
        joinsSeen: pass.joinsSeen,
        tapbacksAfter: pass.tapbacksAfter,
      };
    case "compare":
      return {
        takesNew: false,
        sliceRows: 0,
        indexed: true,
        changed: pass.range === null ? NO_SLICE : wholeSlice(pass.range),
        listed: false,
        lookBack: 0,
        thorough: false,
        dropsDeletedWaiting: false,
        joinsSeen: pass.joinsSeen,
        tapbacksAfter: null,
      };
  }
}

/** Highest ROWIDs of the source's joins of a message with a chat, and with an attachment. */
export interface JoinsSeen {
  readonly chats: number;
  readonly recoverable: number;
  readonly attachments: number;
  /** Whom the joins with these ROWIDs name. */
  readonly names: string;
}

export interface PassOutcome {
  /** New source messages that were taken (logged as pending counts, too). */
  readonly newMessages: number;
  readonly newAttachments: number;
  readonly thorough: boolean;
  /** For the next pass; null where it was not enough to examine the joins written since. */
  readonly joinsSeen: JoinsSeen | null;
  /** A slice was full: there may be more at once. */
  readonly more: boolean;
  /** Where the sweep over waiting tapbacks goes on; null when it is through. */
  readonly tapbacksAfter: number | null;
  readonly counts: ChangeCounts;
  readonly mended: Mended;
  /** Messages are left for a later pass, as this one changed what they hang on; they stand in `follow_ups`. */
  readonly leftFollowUps: boolean;
  readonly events: readonly WireEvent[];
  /** What changed is not told row by row; clients hear of it in one `resync`. */
  readonly bulk: boolean;
}

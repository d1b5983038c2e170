/** What a pass is given to do, and what it says that it did. */
import type { WireEvent } from "../../model/feed.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import type { MessagesDb } from "../../source/messages_db.ts";
import type { Outbox } from "../../store/outbox.ts";
import type { StateStore } from "../../store/state.ts";
import type { ChangedSlice } from "./changed_rows.ts";
import type { Conversations } from "../conversations/conversations.ts";
import type { ChangeCounts } from "./logged_changes.ts";
import type { Mended } from "./comparison.ts";

export interface PassContext {
  readonly db: Connection;
  readonly source: MessagesDb;
  readonly outbox: Outbox;
  readonly state: StateStore;
  /** What `~` in an attachment's path stands for. */
  readonly home: string;
  /** Called at the named steps, where a test may cut the power. */
  readonly probe: (label: string) => void;
}

export interface PassPlan {
  /** Whether rows above the watermarks are taken. */
  readonly takeNew: boolean;
  /** At most so many new messages, waiting tapbacks and new attachments. */
  readonly sliceRows: number;
  /** So many of the newest known messages are looked at again in a thorough pass. */
  readonly lookBack: number;
  /**
   * Whether all rows that wait and the newest known messages are looked at again. Where nothing tells what changed, a
   * pass that finds no new message is thorough anyway: what was committed must have been something else.
   */
  readonly thorough: boolean;
  /**
   * Known rows that commits may have changed, as the source's WAL tells. Null: it does not tell, so what waits and what is
   * recent has to be looked at instead.
   */
  readonly changed: ChangedSlice | null;
  /** Whether the source's lists of what was deleted are looked at, too. */
  readonly listed: boolean;
  /** The joins that were looked at before; a thorough pass looks at those written since. Null: at all that waits. */
  readonly joinsSeen: JoinsSeen | null;
  /** Whether a thorough pass also lets waiting rows go that were deleted in the source. */
  readonly letGo: boolean;
  /**
   * `rows`: the first part of the import; messages have no indexes yet, so attachments wait.
   * `all`: everything.
   */
  readonly scope: "rows" | "all";
  /** Waiting tapbacks with a ROWID above it are looked at; null: only those of new messages. */
  readonly tapbacksAfter: number | null;
  /** Whether what changed is told (the note triggers must stand then); asked before anything is written. */
  readonly announce: (sliceIsFull: boolean) => boolean;
  /** What changed is counted as if it were told, and clients hear of it in one `resync` later. */
  readonly untold: boolean;
  readonly region: string | null;
  /** Kept true in the same transaction, before its events are made; null in the import, after which they are walked. */
  readonly conversations: Pick<Conversations, "follow"> | null;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /**
   * Whether the file holds another content than the watermarks belong to. Asked first in the transaction, so of the very
   * content that the pass would read: one restored a moment ago would look as if rows had been deleted.
   */
  readonly isReplaced?: () => boolean;
  /** Runs last in the transaction, with what this pass did. */
  readonly alsoCommit?: (outcome: PassOutcome) => void;
}

/** Takes what is new, and looks at all that waits; untold. Others are made of it. */
export function plainPlan(
  { sliceRows, region, nowMs }: Pick<PassPlan, "sliceRows" | "region" | "nowMs">,
): PassPlan {
  return {
    sliceRows,
    takeNew: true,
    changed: null,
    listed: false,
    lookBack: 0,
    thorough: true,
    letGo: true,
    joinsSeen: null,
    scope: "all",
    tapbacksAfter: null,
    announce: () => false,
    untold: false,
    conversations: null,
    region,
    nowMs,
  };
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
  /** New source messages that were taken (noted as pending counts, too). */
  readonly newMessages: number;
  readonly newAttachments: number;
  readonly thorough: boolean;
  /** For the next pass's plan; null where it was not enough to look at the joins written since. */
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
}

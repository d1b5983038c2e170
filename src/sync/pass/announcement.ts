/** Decides whether what a pass changes is told row by row. Pure. */
import type { Pass } from "./pass_plan.ts";

export interface Announcement {
  /** Events are made of what changed; else it is counted, and told as one `resync` or not at all. */
  readonly tells: boolean;
  /** For the log. */
  readonly reason: string;
}

export interface AnnouncementFacts {
  /** A pass before this one began to leave a big backlog untold, and its end has not come. */
  readonly isBulk: boolean;
  /** Asked only behind a full slice: counting a backlog each time would cost a live pass 0.1 ms. */
  readonly isBacklogBig: () => boolean;
  readonly isSliceFull: boolean;
}

export function decideAnnouncement(pass: Pass, facts: AnnouncementFacts): Announcement {
  switch (pass.kind) {
    case "import_rows":
    case "import_rest":
      return { tells: false, reason: "the first import is told when it is done" };
    case "compare":
      return { tells: true, reason: "what a comparison mends is told" };
    case "live":
      if (facts.isBulk) return { tells: false, reason: "a backlog is being read that is told as one resync" };
      // What is read again is mostly known: it is told until it is too much.
      if (pass.rewalk === null && facts.isSliceFull && facts.isBacklogBig()) {
        return { tells: false, reason: "the backlog is too big to be told row by row" };
      }
      return { tells: true, reason: "every change is told" };
  }
}

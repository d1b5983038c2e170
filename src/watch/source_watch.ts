/** Keeps an eye on one file and its WAL: folder events where the system gives them, and the poll that needs none. */
import type { Cancel, Clock } from "../platform/clock.ts";
import { CommitPoll } from "./commit_poll.ts";
import { watchFolder } from "./file_events.ts";

/**
 * What a look saw: `quiet` and `moved` (somebody committed), or, where the file can't be followed now, words for what
 * stands in the way; only a change of them counts as news.
 */
export type Sight = "quiet" | "moved" | { readonly obstacle: string };

export interface SourceWatchOptions {
  readonly path: string;
  /** False: the poll alone. */
  readonly fileEvents: boolean;
  readonly clock: Clock;
  readonly look: () => Sight;
  /** Something moved or became different: `reason` is `commit`, `source` or `clock`. */
  readonly onNews: (reason: string) => void;
  /** The folder can't be watched now; it is tried again while the poll carries on. */
  readonly onNoEvents: (error: unknown) => void;
}

/** From a watch that ended to the next try. */
const WATCH_AGAIN_MS = 10_000;

/** Starts; the result ends it. */
export function watchSource(options: SourceWatchOptions): () => void {
  const { clock, onNews } = options;
  let obstacle: string | null = null;
  const poll = new CommitPoll({
    clock,
    look: () => {
      const sight = options.look();
      const before = obstacle;
      obstacle = typeof sight === "object" ? sight.obstacle : null;
      if (sight === "moved") onNews("commit");
      else if (obstacle !== null && obstacle !== before) onNews("source");
      return sight === "moved" || (obstacle !== null && obstacle !== before);
    },
    onJump: () => onNews("clock"),
  });
  poll.start();
  const stopEvents = options.fileEvents ? keepWatching(options, () => poll.hint()) : () => {};
  return () => {
    poll.stop();
    stopEvents();
  };
}

/** A folder that is not there yet, or whose watch ended, is tried again. */
function keepWatching(options: SourceWatchOptions, onHint: () => void): () => void {
  const slash = options.path.lastIndexOf("/");
  const name = options.path.slice(slash + 1);
  let cancel: Cancel = () => {};
  const watch = () => {
    cancel = watchFolder({
      folder: slash > 0 ? options.path.slice(0, slash) : "/",
      names: new Set([name, `${name}-wal`]),
      onHint,
      onEnd: (error) => {
        options.onNoEvents(error);
        cancelAgain = options.clock.after(WATCH_AGAIN_MS, watch);
      },
    });
  };
  let cancelAgain: Cancel = () => {};
  watch();
  return () => {
    cancel();
    cancelAgain();
  };
}

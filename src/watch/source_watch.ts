/**
 * Keeps an eye on one database: hints from its `-wal` where the system gives them, and the poll that needs none.
 *
 *   unarmed ── a look sees a WAL ──▶ armed ── a look sees another WAL or none, or the watch ended ──▶ unarmed
 *
 * A hint only says "look", and so does the poll; a look also says which file the WAL is now, so that the watch is always
 * on the one that SQLite writes to.
 */
import type { Cancel, Clock } from "../platform/clock.ts";
import { CommitPoll, type PollPace } from "./commit_poll.ts";

/** A `-wal` as a look saw it. */
export interface WalFile {
  readonly path: string;
  /** Tells this file from another one that stood or will stand at the path. */
  readonly identity: string;
}

export interface LookOutcome {
  /**
   * `moved`: somebody committed. Where the file can't be followed now, words for what stands in the way; only a change of
   * them counts as news.
   */
  readonly state: "quiet" | "moved" | { readonly obstacle: string };
  /** Null where there is none, or where nobody may rely on it. */
  readonly wal: WalFile | null;
}

/** Watches one file; gives what stops it. */
export type WatchWal = (options: {
  readonly path: string;
  readonly onHint: () => void;
  /** The watch ended, or could not start; it tells no more. Not called after it was stopped. */
  readonly onEnd: (error: unknown) => void;
}) => Cancel;

export interface SourceWatchOptions {
  /** Null: the poll alone. */
  readonly watchWal: WatchWal | null;
  readonly clock: Clock;
  readonly look: () => LookOutcome;
  /** Whether a look would see a commit. */
  readonly peek: () => boolean;
  /** The WAL is being written to, and nothing is committed yet. */
  readonly prepare: () => void;
  /** Something moved or became different: `reason` is `commit`, `source` or `clock`. */
  readonly onNews: (reason: string) => void;
  /** The WAL can't be watched now; it is tried again while the poll carries on. */
  readonly onNoEvents: (error: unknown) => void;
  readonly pace?: PollPace;
}

/** From a watch that ended to the next try on the same file. */
const WATCH_AGAIN_MS = 10_000;

/** Starts; the result ends it. */
export function watchSource(options: SourceWatchOptions): () => void {
  const watch = new SourceWatch(options);
  return () => watch.stop();
}

class SourceWatch {
  readonly #options: SourceWatchOptions;
  readonly #poll: CommitPoll;
  #obstacle: string | null = null;
  /** Identity of the WAL that is watched, or was tried and could not be. */
  #armed: string | null = null;
  #disarm: Cancel = () => {};
  #cancelAgain: Cancel = () => {};

  constructor(options: SourceWatchOptions) {
    this.#options = options;
    this.#poll = new CommitPoll({
      clock: options.clock,
      look: () => this.#look(),
      peek: options.peek,
      prepare: options.prepare,
      onJump: () => options.onNews("clock"),
      ...options.pace === undefined ? {} : { pace: options.pace },
    });
    this.#poll.start();
  }

  stop(): void {
    this.#poll.stop();
    this.#cancelAgain();
    this.#disarm();
  }

  #look(): boolean {
    const { state, wal } = this.#options.look();
    this.#follow(wal);
    const before = this.#obstacle;
    this.#obstacle = typeof state === "object" ? state.obstacle : null;
    const isOther = this.#obstacle !== null && this.#obstacle !== before;
    if (state === "moved") this.#options.onNews("commit");
    else if (isOther) this.#options.onNews("source");
    return state === "moved" || isOther;
  }

  #follow(wal: WalFile | null): void {
    if (this.#armed === (wal?.identity ?? null)) return;
    this.#cancelAgain();
    this.#disarm();
    this.#disarm = () => {};
    this.#armed = null;
    this.#poll.hintsEnded();
    if (wal !== null) this.#arm(wal);
  }

  #arm(wal: WalFile): void {
    const { clock, onNoEvents, watchWal } = this.#options;
    if (watchWal === null) return;
    this.#armed = wal.identity;
    let hasEnded = false;
    const stop = watchWal({
      path: wal.path,
      onHint: () => this.#poll.hint(),
      onEnd: (error) => {
        hasEnded = true;
        this.#disarm = () => {};
        this.#poll.hintsEnded();
        if (error !== undefined) onNoEvents(error);
        // A deleted WAL: the look sees what stands in its place. Where it is still the same one: once more, later.
        this.#poll.hint();
        this.#cancelAgain = clock.after(WATCH_AGAIN_MS, () => this.#armed = null);
      },
    });
    if (hasEnded) return;
    this.#disarm = stop;
    // What was committed between the look that saw this WAL and the watch on it has sent no hint.
    this.#poll.hint();
  }
}

/**
 * When to look whether something was committed.
 *
 * Hints make it look at the end of the event loop's turn, once for all hints of that turn (one commit sends a dozen and
 * more), and again within 100 ms, closely at first, as an event can come before the commit is visible: with
 * synchronous=FULL in 9 of 10 commits (measured). A poll looks anyway. It is quick while something happened in the last half minute, slower
 * when idle, and slower still where hints have proved themselves: then it only stands guard. A jump of the clock (the
 * machine slept) makes it look, too.
 *
 *   stopped ── start ──▶ waiting ── timer or hint ──▶ look ──▶ waiting …  ── stop ──▶ stopped
 *
 *   hints unproven ── a look after a hint saw a commit ──▶ proven
 *      ▲                 └── the poll saw one that no hint told of, or the watch ended ──▶ unproven
 */
import type { Cancel, Clock } from "../platform/clock.ts";

export interface CommitPollOptions {
  readonly clock: Clock;
  /** Looks; true if something moved. Must not throw. */
  readonly look: () => boolean;
  /** Whether a look would see a commit: only that, and much cheaper. Must not throw. */
  readonly peek: () => boolean;
  /** Something is being written that no look sees yet: what a commit will need can be made ready. Must not throw. */
  readonly prepare: () => void;
  /** Told of a clock that jumped, before it looks. */
  readonly onJump: () => void;
  readonly pace?: PollPace;
}

/** Milliseconds between two looks of the poll. */
export interface Rhythm {
  readonly activeMs: number;
  readonly idleMs: number;
}

export interface PollPace {
  /** Where nothing else tells of commits. */
  readonly alone: Rhythm;
  /** Where hints have proved themselves. */
  readonly onGuard: Rhythm;
  /** The poll peeks, and looks in full only so long after the last look: what else may happen to the files can wait. */
  readonly wholeLookMs: number;
  /** So long after the last movement the poll is active. */
  readonly activeForMs: number;
  /**
   * Right after a hint it peeks in each turn of the event loop, for so long and so often: timers come 2 ms apart at best
   * (Deno 2.9.6, measured with setTimeout of 1 ms), and most commits are visible within one. A turn takes about 25 µs of the
   * processor, so where commits come thick and fast it peeks only shortly.
   */
  readonly peekForMs: { readonly alone: number; readonly inBurst: number };
  readonly mostPeeks: number;
  /** Delays after a hint while no commit was seen: the writer is still at its fsync. */
  readonly lookAgainMs: readonly number[];
  /** The same once a commit was seen: the hint may have told of another one behind it. */
  readonly lookOnMs: readonly number[];
  /** A hint that comes so soon after the poll saw a commit has told of it: the poll was only quicker. */
  readonly hintLagMs: number;
  /** Wall clock against monotonic clock, or lateness of a timer, that counts as a jump. */
  readonly jumpMs: number;
}

/** Exported for its test. */
export const DEFAULT_PACE: PollPace = {
  alone: { activeMs: 25, idleMs: 100 },
  onGuard: { activeMs: 100, idleMs: 1_000 },
  wholeLookMs: 400,
  activeForMs: 30_000,
  peekForMs: { alone: 10, inBurst: 2 },
  mostPeeks: 400,
  lookAgainMs: [6, 8, 10, 14, 20, 30, 50, 100],
  lookOnMs: [10, 30, 100],
  hintLagMs: 150,
  jumpMs: 5_000,
};

/** Milliseconds until the next look of the poll. Exported for its test. */
export function pollDelay(pace: PollPace, hintsProven: boolean, sinceMovementMs: number): number {
  const { activeMs, idleMs } = hintsProven ? pace.onGuard : pace.alone;
  return sinceMovementMs < pace.activeForMs ? activeMs : idleMs;
}

/** A commit so soon after another one is part of a burst. */
const BURST_MS = 50;

/** How long after a hint it peeks, in milliseconds. Exported for its test. */
export function peekLength({ peekForMs }: PollPace, sinceMovementMs: number): number {
  return sinceMovementMs < BURST_MS ? peekForMs.inBurst : peekForMs.alone;
}

export class CommitPoll {
  readonly #options: CommitPollOptions;
  readonly #pace: PollPace;
  #cancelPoll: Cancel = () => {};
  #cancelAgain: Cancel = () => {};
  /** Set while the look of this turn's hints is due. */
  #cancelHinted: Cancel | null = null;
  #cancelPeek: Cancel = () => {};
  /** Looks still due after the last hint, in milliseconds after it. */
  #again: readonly number[] = [];
  #hintAt = -Infinity;
  #lookedAt = -Infinity;
  #hintsProven = false;
  /** When the poll last saw a commit that no hint had told of. */
  #surprisedAt = -Infinity;
  #movedAt: number;
  #wallAt: number;
  #monotonicAt: number;
  #running = false;

  constructor(options: CommitPollOptions) {
    this.#options = options;
    this.#pace = options.pace ?? DEFAULT_PACE;
    this.#movedAt = options.clock.monotonic();
    this.#wallAt = options.clock.now();
    this.#monotonicAt = this.#movedAt;
  }

  start(): void {
    this.#running = true;
    this.#schedulePoll();
  }

  stop(): void {
    this.#running = false;
    this.#cancelPoll();
    this.#cancelAgain();
    this.#cancelHinted?.();
    this.#cancelHinted = null;
    this.#cancelPeek();
  }

  /** Something says "look". */
  hint(): void {
    if (!this.#running) return;
    const { clock } = this.#options;
    this.#hintAt = clock.monotonic();
    this.#again = this.#pace.lookAgainMs;
    if (this.#hintAt - this.#surprisedAt <= this.#pace.hintLagMs) this.#hintsProven = true;
    this.#cancelHinted ??= clock.soon(() => {
      this.#cancelHinted = null;
      if (this.#lookAsHinted()) return;
      this.#options.prepare();
      this.#peekSoon(this.#pace.mostPeeks);
      this.#scheduleAgain();
    });
  }

  /** Whoever sent hints sends none any more: the poll is all there is. */
  hintsEnded(): void {
    if (!this.#hintsProven) return;
    this.#hintsProven = false;
    // The guard's next look may be a second away.
    this.#schedulePoll();
  }

  #look(): boolean {
    this.#lookedAt = this.#options.clock.monotonic();
    const moved = this.#options.look();
    if (moved) this.#movedAt = this.#options.clock.monotonic();
    return moved;
  }

  #lookAsHinted(): boolean {
    if (!this.#look()) return false;
    this.#hintsProven = true;
    const sinceHintMs = this.#options.clock.monotonic() - this.#hintAt;
    this.#again = this.#pace.lookOnMs.filter((afterMs) => afterMs > sinceHintMs);
    this.#scheduleAgain();
    return true;
  }

  #peekSoon(left: number): void {
    const { clock, peek } = this.#options;
    this.#cancelPeek();
    if (left === 0 || !this.#running) return;
    this.#cancelPeek = clock.soon(() => {
      const now = clock.monotonic();
      if (now - this.#hintAt > peekLength(this.#pace, now - this.#movedAt)) return;
      if (peek()) this.#lookAsHinted();
      else this.#peekSoon(left - 1);
    });
  }

  #lookUnasked(): void {
    const { clock, peek } = this.#options;
    if (clock.monotonic() - this.#lookedAt < this.#pace.wholeLookMs && !peek()) return;
    if (!this.#look()) return;
    const now = clock.monotonic();
    if (now - this.#hintAt <= this.#pace.hintLagMs) return;
    this.#surprisedAt = now;
    this.#hintsProven = false;
  }

  #scheduleAgain(): void {
    this.#cancelAgain();
    const [next, ...rest] = this.#again;
    if (next === undefined || !this.#running) return;
    this.#again = rest;
    const due = this.#hintAt + next - this.#options.clock.monotonic();
    this.#cancelAgain = this.#options.clock.after(Math.max(0, due), () => {
      if (!this.#lookAsHinted()) this.#scheduleAgain();
    });
  }

  #schedulePoll(): void {
    this.#cancelPoll();
    if (!this.#running) return;
    const { clock } = this.#options;
    const delay = pollDelay(this.#pace, this.#hintsProven, clock.monotonic() - this.#movedAt);
    this.#cancelPoll = clock.after(delay, () => {
      if (this.#jumped(delay)) this.#options.onJump();
      this.#lookUnasked();
      this.#schedulePoll();
    });
  }

  #jumped(delay: number): boolean {
    const { clock } = this.#options;
    const wall = clock.now();
    const monotonic = clock.monotonic();
    const apart = Math.abs((wall - this.#wallAt) - (monotonic - this.#monotonicAt));
    const late = monotonic - this.#monotonicAt - delay;
    this.#wallAt = wall;
    this.#monotonicAt = monotonic;
    return apart > this.#pace.jumpMs || late > this.#pace.jumpMs;
  }
}

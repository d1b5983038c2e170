/**
 * When to look whether something was committed. Hints make it look at once and again 2, 10, 30 and 100 ms later (an
 * event can come before the commit is visible: in 9 of 10 commits with synchronous=FULL, measured); a poll looks anyway,
 * quickly while something happened in the last half minute, slower when idle. A jump of the clock (the machine slept) is
 * a hint like any other.
 *
 *   stopped ── start ──▶ waiting ── timer or hint ──▶ look ──▶ waiting …  ── stop ──▶ stopped
 */
import type { Cancel, Clock } from "../platform/clock.ts";

export interface CommitPollOptions {
  readonly clock: Clock;
  /** Looks; true if something moved. Must not throw. */
  readonly look: () => boolean;
  /** Told of a clock that jumped, before it looks. */
  readonly onJump: () => void;
  readonly pace?: PollPace;
}

export interface PollPace {
  readonly activeMs: number;
  readonly idleMs: number;
  /** So long after the last movement the poll is quick. */
  readonly activeForMs: number;
  /** Delays after a hint. */
  readonly lookAgainMs: readonly number[];
  /** Wall clock against monotonic clock, or lateness of a timer, that counts as a jump. */
  readonly jumpMs: number;
}

export const DEFAULT_PACE: PollPace = {
  activeMs: 25,
  idleMs: 100,
  activeForMs: 30_000,
  lookAgainMs: [2, 10, 30, 100],
  jumpMs: 5_000,
};

/** Milliseconds until the next look of the poll. */
export function pollDelay(pace: PollPace, sinceMovementMs: number): number {
  return sinceMovementMs < pace.activeForMs ? pace.activeMs : pace.idleMs;
}

export class CommitPoll {
  readonly #options: CommitPollOptions;
  readonly #pace: PollPace;
  #cancelPoll: Cancel = () => {};
  #cancelAgain: Cancel = () => {};
  /** Looks still due after the last hint, in milliseconds after it. */
  #again: readonly number[] = [];
  #hintAt = 0;
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
  }

  /** Something says "look". */
  hint(): void {
    if (!this.#running) return;
    this.#look();
    this.#hintAt = this.#options.clock.monotonic();
    this.#again = this.#pace.lookAgainMs;
    this.#scheduleAgain();
  }

  #look(): boolean {
    const moved = this.#options.look();
    if (moved) this.#movedAt = this.#options.clock.monotonic();
    return moved;
  }

  #scheduleAgain(): void {
    this.#cancelAgain();
    const [next, ...rest] = this.#again;
    if (next === undefined || !this.#running) return;
    this.#again = rest;
    const due = this.#hintAt + next - this.#options.clock.monotonic();
    this.#cancelAgain = this.#options.clock.after(Math.max(0, due), () => {
      this.#look();
      this.#scheduleAgain();
    });
  }

  #schedulePoll(): void {
    if (!this.#running) return;
    const { clock } = this.#options;
    const delay = pollDelay(this.#pace, clock.monotonic() - this.#movedAt);
    this.#cancelPoll = clock.after(delay, () => {
      if (this.#jumped(delay)) this.#options.onJump();
      this.#look();
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

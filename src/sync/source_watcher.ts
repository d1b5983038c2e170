/** The engine's looks at Messages' file, and what they say of when Messages wrote. */
import type { Clock } from "../platform/clock.ts";
import { type Look, SourceLook } from "../source/look.ts";
import type { MessagesDb } from "../source/messages_db.ts";
import { LatencyWindow } from "./latency.ts";
import type { OwnFileGuard } from "./own_file_guard.ts";

/** After a commit of Messages others are likely to follow. */
const RESTLESS_MS = 1_000;

export class SourceWatcher {
  readonly latency = new LatencyWindow();
  readonly #source: MessagesDb;
  readonly #look: SourceLook;
  readonly #ownFile: OwnFileGuard;
  readonly #clock: Clock;
  /** Last change of the source's files that a look saw and no events have followed yet, milliseconds since 1970. */
  #movedMs: number | null = null;
  /** A look of this turn of the event loop that saw a commit: the catch-up that it starts need not look again. */
  #ofThisTurn: Look | null = null;
  /** When a look saw a commit last, on the monotonic clock. */
  #movedAt = -Infinity;

  constructor(source: MessagesDb, ownFile: OwnFileGuard, clock: Clock) {
    this.#source = source;
    this.#look = new SourceLook(source);
    this.#ownFile = ownFile;
    this.#clock = clock;
  }

  /** Whether the source moved since the last look. Throws what stat and SQLite throw; FatalError `database_gone`. */
  look(): Look {
    this.#ownFile.checkNowAndThen();
    const seen = this.#look.look();
    if (seen.kind === "moved") {
      this.#movedMs ??= seen.modifiedMs;
      this.#movedAt = this.#clock.monotonic();
      this.#ofThisTurn = seen;
      this.#clock.soon(() => this.#ofThisTurn = null);
    }
    return seen;
  }

  /** Good for one catch-up: it may let the file go, and whoever comes next has to look for itself. Throws as {@link look}. */
  lookForCatchUp(): Look {
    const moved = this.#ofThisTurn;
    this.#ofThisTurn = null;
    return moved !== null && this.#source.attached ? moved : this.look();
  }

  /** Whether a look would see a commit. Never throws. */
  peek(): boolean {
    return this.#look.peek();
  }

  /** Whether Messages wrote something in the last moments, so that more is to be expected. */
  get isRestless(): boolean {
    return this.#clock.monotonic() - this.#movedAt < RESTLESS_MS;
  }

  /** A step is committed; `told`: events of it were handed out. */
  committed(told: boolean): void {
    if (this.#movedMs !== null && told) {
      this.latency.add(Math.max(0, this.#clock.now() - this.#movedMs));
    }
    this.#movedMs = null;
  }
}

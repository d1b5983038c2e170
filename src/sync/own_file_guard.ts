/** Asks whether our database is still the file that stands at its path: after each commit, and now and then when idle. */
import type { Clock } from "../platform/clock.ts";
import type { OwnFile } from "../store/own_file.ts";

/** While nothing is to be done. */
const EVERY_MS = 2_000;

export class OwnFileGuard {
  readonly #file: Pick<OwnFile, "check">;
  readonly #clock: Pick<Clock, "monotonic">;
  #checkedAt = -Infinity;

  constructor(file: Pick<OwnFile, "check">, clock: Pick<Clock, "monotonic">) {
    this.#file = file;
    this.#clock = clock;
  }

  /** Nothing may be told of a commit that went into a file that nobody can see. Throws as {@link OwnFile.check}. */
  check(): void {
    this.#checkedAt = this.#clock.monotonic();
    this.#file.check();
  }

  checkNowAndThen(): void {
    if (this.#clock.monotonic() - this.#checkedAt >= EVERY_MS) this.check();
  }
}

/** Starts, watches and ends the loops of the engine. */

export interface Loop {
  readonly name: string;
  /** Runs until the signal aborts; throws only what nobody foresaw, and FatalError. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

export interface LoopFailure {
  readonly loop: string;
  readonly error: unknown;
}

/**
 * Runs all of them. `failed` resolves with the first that failed, and never where none does; `ended` resolves once all have
 * ended. A loop that failed ends no other: whoever started them decides.
 */
export function superviseLoops(
  loops: readonly Loop[],
  signal: AbortSignal,
): { readonly failed: Promise<LoopFailure>; readonly ended: Promise<void> } {
  const failed = Promise.withResolvers<LoopFailure>();
  const running = loops.map(async ({ name, run }) => {
    try {
      await run(signal);
    } catch (error) {
      failed.resolve({ loop: name, error });
    }
  });
  return { failed: failed.promise, ended: Promise.all(running).then(() => {}) };
}

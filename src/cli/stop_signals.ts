/**
 * SIGTERM, SIGINT and SIGHUP ask the program to stop; a SIGINT that comes later than two seconds after the first ends it
 * at once.
 *
 * States: running → asked (the first signal) → insisted upon (an interrupt after {@link SAME_WISH_MS}): the process
 * ends. Until then an interrupt says nothing new: under npx and `deno task` one press of Ctrl-C arrives twice, from the
 * terminal and from the task runner, and people press it more than once.
 */
import type { Clock } from "../platform/clock.ts";

const SAME_WISH_MS = 2_000;

export interface StopSignalsPorts {
  readonly clock: Pick<Clock, "monotonic">;
  /** Ends the process where it stands. */
  readonly exitNow: (code: number) => void;
}

export class StopSignals implements Disposable {
  readonly #ports: StopSignalsPorts;
  readonly #stop = new AbortController();
  readonly #handlers: readonly (readonly [Deno.Signal, () => void])[];
  #askedAtMs: number | null = null;

  constructor(ports: StopSignalsPorts) {
    this.#ports = ports;
    this.#handlers = [
      ["SIGTERM", () => this.ask()],
      ["SIGHUP", () => this.ask()],
      ["SIGINT", () => this.interrupt()],
    ];
    for (const [name, handler] of this.#handlers) Deno.addSignalListener(name, handler);
  }

  /** Aborts at the first signal. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Resolves at the first signal. */
  get asked(): Promise<void> {
    const { signal } = this;
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  /** What SIGTERM and SIGHUP do. */
  ask(): void {
    this.#askedAtMs ??= this.#ports.clock.monotonic();
    this.#stop.abort();
  }

  /** What SIGINT does. */
  interrupt(): void {
    const now = this.#ports.clock.monotonic();
    // 128 + SIGINT, as a shell would say.
    if (this.#askedAtMs !== null && now - this.#askedAtMs > SAME_WISH_MS) this.#ports.exitNow(130);
    this.ask();
  }

  [Symbol.dispose](): void {
    for (const [name, handler] of this.#handlers) Deno.removeSignalListener(name, handler);
  }
}

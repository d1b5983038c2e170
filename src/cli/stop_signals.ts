/** SIGTERM, SIGINT and SIGHUP ask the program to stop; a second SIGINT ends it at once. */

export class StopSignals implements Disposable {
  readonly #stop = new AbortController();
  readonly #handlers: readonly (readonly [Deno.Signal, () => void])[];
  #interrupts = 0;

  constructor(exitNow: (code: number) => void) {
    const stop = () => this.#stop.abort();
    const interrupt = () => {
      this.#interrupts += 1;
      // 128 + SIGINT, as a shell would say.
      if (this.#interrupts > 1) exitNow(130);
      stop();
    };
    this.#handlers = [["SIGTERM", stop], ["SIGHUP", stop], ["SIGINT", interrupt]];
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

  [Symbol.dispose](): void {
    for (const [name, handler] of this.#handlers) Deno.removeSignalListener(name, handler);
  }
}

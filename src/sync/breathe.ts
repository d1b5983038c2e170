/** The pause between two slices of work that can wait. */
import { type Clock, sleep, yieldToEventLoop } from "../platform/clock.ts";

/**
 * While something happens in Messages, so that few commits meet a slice. With pauses of five times the slice many did
 * (300,000 messages: p50 of the latency 7 ms against 5; measured).
 */
const PAUSE_MS = 200;

export interface PausePorts {
  readonly clock: Clock;
  /** Whether Messages wrote something in the last moments, so that more is to be expected. */
  readonly watcher: { readonly isRestless: boolean };
}

/** After a slice. Resolves at once when `signal` aborts. */
export async function pauseBetweenSlices(
  { clock, watcher }: PausePorts,
  signal: AbortSignal,
): Promise<void> {
  await yieldToEventLoop();
  if (watcher.isRestless) await sleep(clock, PAUSE_MS, signal);
}

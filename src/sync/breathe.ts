/** The pause between two slices of work that can wait. */
import { type Clock, sleep, yieldToEventLoop } from "../platform/clock.ts";

/** So many times as long as the slice took, while something happens in Messages: others have five sixths then. */
const SHARE = 5;

export interface Breathing {
  readonly clock: Clock;
  /** Whether Messages wrote something in the last moments, so that more is to be expected. */
  readonly restless: () => boolean;
}

/** After a slice that took `tookMs`. Resolves at once when `signal` aborts. */
export async function breathe(
  { clock, restless }: Breathing,
  tookMs: number,
  signal: AbortSignal,
): Promise<void> {
  await yieldToEventLoop();
  if (restless()) await sleep(clock, tookMs * SHARE, signal);
}

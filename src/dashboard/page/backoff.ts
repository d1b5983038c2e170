/** How long to wait before the n-th try to connect again, from 0: soon first, then seldom. */

const FIRST_MS = 250;
const MOST_MS = 8_000;

/** `chance` from 0 to 1 spreads several pages of one browser over a fifth of the time. */
export function retryDelayMs(attempt: number, chance: number): number {
  const delay = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(delay * (0.9 + 0.2 * chance));
}

/** Waits for what another process or the event loop brings, with a limit. */

/** Longest wait; reached only when something is broken. */
const LIMIT_MS = 10_000;

/** Resolves when `condition` holds; it is looked at again at every turn of the event loop. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!await condition()) {
    if (performance.now() > deadline) throw new Error(`Waited ${LIMIT_MS} ms in vain for ${what}`);
    await new Promise<void>((resolve) => setTimeout(resolve, 2));
  }
}

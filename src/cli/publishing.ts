/** Tells others how to reach the running program, also where the disk is full when it starts. */
import type { ReadyMessage } from "../model/events.ts";
import type { Cancel, Clock } from "../platform/clock.ts";
import type { InstanceLock } from "../platform/instance.ts";
import type { Log } from "../platform/log.ts";

const AGAIN_MS = 5_000;

/** To be called before permissions are dropped; what finds no room then is written later, through the open file. */
export function publishPatiently(
  lock: InstanceLock,
  { pid, url, ws, token, feed, version, database }: ReadyMessage,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Disposable {
  let cancel: Cancel = () => {};
  const again = () => {
    if (!lock.tellAgain()) cancel = clock.after(AGAIN_MS, again);
  };
  const started_at = new Date(clock.now()).toISOString();
  if (!lock.publish({ pid, url, ws, token, feed, version, started_at, database })) {
    log.warning("The disk is full: other commands cannot reach this program until there is room");
    cancel = clock.after(AGAIN_MS, again);
  }
  return { [Symbol.dispose]: () => cancel() };
}

/** Which way the system tells of writes to the `-wal`: kqueue where there is one, else file events. */
import { LiveSyncError } from "../model/errors.ts";
import type { Kqueue } from "../platform/kqueue.ts";
import { watchWalEvents } from "../watch/file_events.ts";
import type { WatchWal } from "../watch/source_watch.ts";

/** `kqueue` null: there is none here. */
export function walHints(kqueue: Pick<Kqueue, "watch"> | null): WatchWal {
  if (kqueue === null) return watchWalEvents;
  return ({ path, onHint, onEnd }) => {
    const stop = kqueue.watch({ path, onHint, onGone: () => onEnd(undefined) });
    if (stop !== null) return stop;
    // FSEvents would tell of a write only when Messages closes the file: the poll is better alone.
    onEnd(new LiveSyncError("no_kqueue", "Cannot watch the WAL: the system gave no kqueue for it"));
    return () => {};
  };
}

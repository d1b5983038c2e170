/**
 * Hints from the file system: "look". No correctness hangs on one arriving.
 *
 * **Only a `-wal` may be watched, never a folder and never a database.** For every event `Deno.watchFs` opens and closes
 * the file that the event is about (Deno 2.9.6, seen with strace), and closing any descriptor of a file drops all POSIX
 * locks that this process holds on it. In a watched folder that takes SQLite's locks off chat.db and its -shm: Messages'
 * last close then deletes the WAL under us, and we read the deleted one for ever. A -wal carries no locks.
 *
 * A watch on a file goes deaf when the file is deleted, without an error: source_watch.ts arms it anew. `kind` is not
 * trusted, but for "access" (a read): "remove" may be of the file that stood here before. macOS FSEvents tells of a write
 * only when the writer closes the file.
 */
import type { Cancel } from "../platform/clock.ts";
import type { WatchWal } from "./source_watch.ts";

/** {@link WatchWal} on `Deno.watchFs`. A file that is not there ends in `onEnd`. */
export const watchWalEvents: WatchWal = ({ path, onHint, onEnd }): Cancel => {
  let watcher: Deno.FsWatcher;
  try {
    watcher = Deno.watchFs(path, { recursive: false });
  } catch (error) {
    onEnd(error);
    return () => {};
  }
  let stopped = false;
  const pump = async () => {
    for await (const event of watcher) {
      if (event.kind !== "access") onHint();
    }
  };
  pump().then(() => undefined, (error: unknown) => error).then((error) => {
    if (stopped) return;
    watcher.close();
    onEnd(error);
  });
  return () => {
    if (stopped) return;
    stopped = true;
    watcher.close();
  };
};

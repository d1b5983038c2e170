/**
 * Hints from the file system: "look". No correctness hangs on one arriving.
 *
 * The folder is watched, not the file: a watch on the WAL goes deaf for ever, without an error, once the file is
 * deleted and made anew. `kind` is not trusted (an overflow of the queue of 1,024 comes as one `any` with the flag
 * `rescan` and no useful path). macOS FSEvents tells of a write only when the writer closes the file, so there the
 * poll carries the day.
 */
export interface FileEventsOptions {
  readonly folder: string;
  /** Base names that matter; an event without a path counts as well. */
  readonly names: ReadonlySet<string>;
  readonly onHint: () => void;
  /** The watcher ended or could not start; polling goes on without it. */
  readonly onEnd: (error: unknown) => void;
}

/** Starts watching; the result stops it. Folders that do not exist end in `onEnd`. */
export function watchFolder(options: FileEventsOptions): () => void {
  let watcher: Deno.FsWatcher;
  try {
    watcher = Deno.watchFs(options.folder, { recursive: false });
  } catch (error) {
    options.onEnd(error);
    return () => {};
  }
  let stopped = false;
  const pump = async () => {
    for await (const event of watcher) {
      if (event.kind !== "access" && isHint(event, options.names)) options.onHint();
    }
  };
  pump().then(() => undefined, (error: unknown) => error).then((error) => {
    if (!stopped) options.onEnd(error);
  });
  return () => {
    stopped = true;
    watcher.close();
  };
}

export function isHint(event: Pick<Deno.FsEvent, "flag" | "paths">, names: ReadonlySet<string>): boolean {
  if (event.flag === "rescan" || event.paths.length === 0) return true;
  return event.paths.some((path) => names.has(path.slice(path.lastIndexOf("/") + 1)));
}

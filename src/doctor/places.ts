/** What stands around a path that may not be there yet. */
import { folderOf } from "../platform/paths.ts";

/** The folder of `path`, or the nearest one above it that is there. */
export function nearestFolder(path: string): string {
  for (let folder = folderOf(path);; folder = folderOf(folder)) {
    if (folder === "/" || isFolder(folder)) return folder;
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    // Not there, or not to be seen: the one above says as much as can be known.
    return false;
  }
}

export function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    // There is something, and opening it says what is wrong with it.
    return !(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory);
  }
}

/** Bytes; 0 where there is none or it can't be seen. */
export function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0;
  }
}

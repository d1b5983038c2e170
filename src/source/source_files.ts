/**
 * What stat and readDir tell of Messages' database, without opening it: opening and closing chat.db or its -shm by hand
 * in this process would drop SQLite's locks, and opening a pipe would never end.
 */
import { errorMessage } from "../model/errors.ts";

/** What tells one file from another at the same path. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  /** Milliseconds since 1970; null where the file system keeps none. */
  readonly birthMs: number | null;
}

export interface SourceFile {
  readonly identity: FileIdentity;
  /** Last modification of the file itself, milliseconds since 1970; commits go to the WAL first. */
  readonly fileModifiedMs: number;
}

/** `reason` goes on a sentence that begins with "as": "it is a folder". */
export type SourceFileState =
  | { readonly kind: "present"; readonly file: SourceFile }
  | { readonly kind: "missing"; readonly reason: string }
  | { readonly kind: "forbidden"; readonly reason: string }
  /** Something is there that can't be a database, or the disk does not even say what. */
  | { readonly kind: "unusable"; readonly reason: string };

export function sameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.device === b.device && a.inode === b.inode && a.birthMs === b.birthMs;
}

/** One stat: enough for a file that is attached already. Links are followed. Never throws. */
export function statSource(path: string): SourceFileState {
  try {
    const file = Deno.statSync(path);
    if (!file.isFile) {
      return {
        kind: "unusable",
        reason: file.isDirectory ? "it is a folder" : "it is a pipe or a device, not a file",
      };
    }
    const identity = { device: file.dev, inode: file.ino ?? 0, birthMs: file.birthtime?.getTime() ?? null };
    return { kind: "present", file: { identity, fileModifiedMs: file.mtime?.getTime() ?? 0 } };
  } catch (error) {
    return obstacleOf(error, "the file does not exist");
  }
}

/**
 * Whether the file is there and may be read, before anything opens it. The folder's listing is asked for, too: on macOS
 * stat of the file succeeds where reading its folder needs Full Disk Access. Never throws.
 */
export function inspectSource(path: string): SourceFileState {
  const seen = statSource(path);
  if (seen.kind === "forbidden" || seen.kind === "unusable") return seen;
  const listed = listFolder(folderOf(path));
  if (listed !== null) return listed;
  if (seen.kind === "missing") return isLink(path) ? { ...seen, reason: "the link leads nowhere" } : seen;
  return realFolder(path) ?? seen;
}

/** Of a link the folder counts that the file really is in, because SQLite reads the file's WAL there. */
function realFolder(path: string): SourceFileState | null {
  try {
    return listFolder(folderOf(Deno.realPathSync(path)));
  } catch (error) {
    return obstacleOf(error, "the file does not exist");
  }
}

/** Null when it can be listed. */
function listFolder(folder: string): SourceFileState | null {
  try {
    for (const _ of Deno.readDirSync(folder)) break;
    return null;
  } catch (error) {
    return obstacleOf(error, "the folder does not exist");
  }
}

function isLink(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch {
    // It only chooses the words.
    return false;
  }
}

/** A loop of links, a name too long, a volume that is gone: each is a state of the source, never the end of the program. */
function obstacleOf(error: unknown, missing: string): SourceFileState {
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
    return { kind: "missing", reason: missing };
  }
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return { kind: "forbidden", reason: "the system did not allow it" };
  }
  return { kind: "unusable", reason: `the system says: ${errorMessage(error)}` };
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash > 0 ? path.slice(0, slash) : slash === 0 ? "/" : ".";
}

/** The path with its links resolved; the path itself where it leads nowhere any more. Opens nothing (seen with strace). */
export function realPathOf(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    // The next look finds no file, or no sidecars, and says so.
    return path;
  }
}

/** The files that SQLite keeps beside a database in WAL mode, as device, inode and birth; null: there is none. */
export interface Sidecars {
  readonly wal: string | null;
  readonly shm: string | null;
  /** 0: nobody has committed to the WAL, or there is none. */
  readonly walBytes: number;
  /** Last modification of the WAL, milliseconds since 1970: when somebody last committed; 0: there is none. */
  readonly walModifiedMs: number;
}

/** `path`: of the database itself, no link: SQLite keeps them beside the file that a link leads to. Two stats. */
export function sidecarsOf(path: string): Sidecars {
  const wal = statOrNull(`${path}-wal`);
  const shm = statOrNull(`${path}-shm`);
  return {
    wal: fileId(wal),
    shm: fileId(shm),
    walBytes: wal?.size ?? 0,
    walModifiedMs: wal?.mtime?.getTime() ?? 0,
  };
}

export function sameSidecars(a: Sidecars, b: Sidecars): boolean {
  return a.wal === b.wal && a.shm === b.shm;
}

function fileId(info: Deno.FileInfo | null): string | null {
  // The number of a deleted file is soon given to another one.
  return info === null ? null : `${info.dev}:${info.ino}:${info.birthtime?.getTime() ?? ""}`;
}

function statOrNull(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch {
    // Whatever is wrong with the file, SQLite tells it better.
    return null;
  }
}

/**
 * The files of the AddressBook: `AddressBook-v22.abcddb` in its folder ("On My Mac") and one in `Sources/<UUID>/` for
 * each account. Only stat and readDir here; a store is opened by `open_store.ts` alone, through SQLite.
 */
import { errorMessage } from "../model/errors.ts";

/** `reason` goes on a sentence that begins with "as". */
export type Stores =
  /** Paths of the stores that are there now, the root store first, the others by name. */
  | { readonly kind: "found"; readonly paths: readonly string[] }
  | { readonly kind: "missing"; readonly reason: string }
  | { readonly kind: "forbidden"; readonly reason: string }
  | { readonly kind: "unusable"; readonly reason: string };

const STORE_FILE = "AddressBook-v22.abcddb";
const SOURCES = "Sources";

/**
 * What there is to read in the AddressBook's folder. A store that is there but can't be looked at is listed: reading it
 * says why it can't be read. Never throws.
 */
export function discoverStores(folder: string): Stores {
  const top = listing(folder);
  if (top.kind !== "listed") return top;
  const below = top.names.includes(SOURCES) ? listing(`${folder}/${SOURCES}`) : null;
  // As if all accounts were gone: better nothing than that.
  if (below !== null && below.kind !== "listed" && below.kind !== "missing") return below;
  const sources = below?.kind === "listed" ? [...below.names].sort() : [];
  const paths = [
    `${folder}/${STORE_FILE}`,
    ...sources.map((name) => `${folder}/${SOURCES}/${name}/${STORE_FILE}`),
  ];
  return { kind: "found", paths: paths.filter(mayBeThere) };
}

/** Kernels date a file by the tick in which it was written, 10 ms or less. */
const TICK_MS = 20;

/**
 * What moves when the store at `path` was written to: inode, size and time of the database and of its WAL, where Contacts
 * commits to. Null when there is no database. Take it before reading, keep it once what was read is committed.
 *
 * A file that was written in this very moment (`nowMs`, milliseconds since 1970) can be written again without a sign:
 * such a token equals no later one, so that the store is read once more.
 */
export function storeToken(path: string, nowMs: number): string | null {
  const database = fileState(path);
  if (database === null) return null;
  const wal = fileState(`${path}-wal`);
  // Whoever opens the database makes an empty WAL; it says as much as none.
  const states = wal === null || wal.size === 0 ? [database] : [database, wal];
  const words = states.map(({ inode, size, modifiedMs }) => `${inode}:${size}:${modifiedMs}`);
  const isFresh = states.some(({ modifiedMs }) => Math.abs(nowMs - modifiedMs) < TICK_MS);
  return [...words, ...isFresh ? [`at ${nowMs}`] : []].join(" ");
}

type Listing =
  | { readonly kind: "listed"; readonly names: readonly string[] }
  | Exclude<Stores, { kind: "found" }>;

function listing(folder: string): Listing {
  try {
    return { kind: "listed", names: [...Deno.readDirSync(folder)].map(({ name }) => name) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return { kind: "missing", reason: "the folder does not exist" };
    }
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
      return { kind: "forbidden", reason: "the system did not allow it" };
    }
    return { kind: "unusable", reason: `the system says: ${errorMessage(error)}` };
  }
}

function mayBeThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory);
  }
}

interface FileState {
  readonly inode: number;
  readonly size: number;
  readonly modifiedMs: number;
}

/** Null also where the system tells nothing: SQLite says better what is wrong. */
function fileState(path: string): FileState | null {
  try {
    const { ino, size, mtime } = Deno.statSync(path);
    return { inode: ino ?? 0, size, modifiedMs: mtime?.getTime() ?? 0 };
  } catch {
    return null;
  }
}

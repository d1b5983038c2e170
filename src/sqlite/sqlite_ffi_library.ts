/**
 * Which SQLite the FFI build uses: the system's own, so nothing is downloaded and Messages' locks are taken by the
 * library that Messages itself uses. To be imported before @db/sqlite, which reads `DENO_SQLITE_PATH` as it is loaded
 * and would fetch a library of its own without it.
 */
import { LiveSyncError } from "../model/errors.ts";

/** macOS has the file in its shared cache alone: dlopen finds it, a look into the folder does not. */
const SYSTEM_LIBRARY: Partial<Record<typeof Deno.build.os, string>> = {
  darwin: "/usr/lib/libsqlite3.dylib",
  linux: "libsqlite3.so.0",
};

interface Chosen {
  readonly path: string;
  readonly problem: LiveSyncError | null;
}

/**
 * @db/sqlite throws while it is loaded where the library is none, before any of our words could be said. So it gets the
 * system's own then, and the failure is kept until somebody opens a database.
 */
function choose(): Chosen {
  const given = Deno.env.get("DENO_SQLITE_PATH");
  if (given && isSqlite(given)) return { path: given, problem: null };
  const system = SYSTEM_LIBRARY[Deno.build.os];
  if (system === undefined) throw new Error("DENO_SQLITE_PATH is not set: it must name a SQLite library");
  Deno.env.set("DENO_SQLITE_PATH", system);
  return { path: system, problem: given ? unusable(given) : null };
}

function isSqlite(path: string): boolean {
  try {
    Deno.dlopen(path, { sqlite3_libversion: { parameters: [], result: "pointer" } }).close();
    return true;
  } catch {
    return false;
  }
}

function unusable(path: string): LiveSyncError {
  return new LiveSyncError(
    "sqlite_library",
    `Cannot use ${path} (DENO_SQLITE_PATH): it is not there, or not a SQLite library for this machine`,
    "Leave DENO_SQLITE_PATH out to use the system's SQLite, or name another one.",
  );
}

const CHOSEN = choose();

/** What @db/sqlite opens, and what sqlite_ffi_calls.ts has to open too: a second library would drop its file locks. */
export const SQLITE_LIBRARY: string = CHOSEN.path;

/** Why no database can be opened; null where all is well. */
export const SQLITE_LIBRARY_PROBLEM: LiveSyncError | null = CHOSEN.problem;

/**
 * Which SQLite the FFI build uses: the system's own, so nothing is downloaded and Messages' locks are taken by the
 * library that Messages itself uses. To be imported before @db/sqlite, which reads `DENO_SQLITE_PATH` as it is loaded
 * and would fetch a library of its own without it.
 */

/** macOS has the file in its shared cache alone: dlopen finds it, a look into the folder does not. */
const SYSTEM_LIBRARY: Partial<Record<typeof Deno.build.os, string>> = {
  darwin: "/usr/lib/libsqlite3.dylib",
  linux: "libsqlite3.so.0",
};

function choose(): string {
  const given = Deno.env.get("DENO_SQLITE_PATH");
  if (given) return given;
  const system = SYSTEM_LIBRARY[Deno.build.os];
  if (system === undefined) throw new Error("Cannot choose a SQLite library as DENO_SQLITE_PATH is not set");
  Deno.env.set("DENO_SQLITE_PATH", system);
  return system;
}

/** What @db/sqlite opens, and what sqlite_ffi_calls.ts has to open too: a second library would drop its file locks. */
export const SQLITE_LIBRARY: string = choose();

/**
 * Least power: once everything is open, the program gives away what it needs no more, so that whoever makes it run
 * their code through a message, a card or a request can neither call home nor start a program nor change a file.
 *
 * What goes on afterwards (each seen with Deno 2.9.6): the listening sockets and new clients on them, writing through
 * open databases, ATTACH on their connections, SQLite's own -wal and -shm, opening databases for reading, reading
 * files and folders, watching, signals, stdin, stdout and stderr, truncating a file that is open.
 *
 * What is revoked is at "prompt" in Deno, never "denied": on a terminal without `--no-prompt` a call would ask the
 * person and stand still. So nothing may be called lazily that needs one of these.
 */

/** `read` stays: Messages' database comes and goes while the program runs. */
const GIVEN_AWAY = ["run", "env", "sys", "import", "write", "net"] as const;

/**
 * Takes these permissions from this process for good, its workers included. `keepFfi` where the driver of SQLite is a
 * foreign library, which is asked for every row: that build is less well fenced in.
 */
export function dropPermissions({ keepFfi }: { readonly keepFfi: boolean }): void {
  for (const name of keepFfi ? GIVEN_AWAY : [...GIVEN_AWAY, "ffi"] as const) {
    Deno.permissions.revokeSync({ name });
  }
}

/**
 * The kqueue that tests can have here: macOS's own; the library that CHATSTATS_TEST_KQUEUE names (libkqueue, which has
 * another number for EVFILT_USER); or, on Linux with a C compiler, our stand-in. Null where there is none.
 *
 * Debian has no package of libkqueue, hence the stand-in. libkqueue 2.7.0 passes these tests, but goes deaf after a burst
 * of 20,000 small writes (a C program that does no more than that shows it, too); macOS has nothing of that code.
 */
import { type KqueueSystem, MACOS_KQUEUE } from "../../../src/platform/kqueue_calls.ts";

/** Of Linux: O_NONBLOCK | O_CLOEXEC. */
const LINUX_OPEN_FLAGS = 0x800 | 0x8_0000;
const LIBKQUEUE_USER_FILTER = -11;

/** Builds into `folder` what has to be built. */
export function kqueueHere(folder: string): KqueueSystem | null {
  if (Deno.build.os === "darwin") return MACOS_KQUEUE;
  if (Deno.build.os !== "linux") return null;
  const files = { fileLibrary: "libc.so.6", openFlags: LINUX_OPEN_FLAGS };
  const given = Deno.env.get("CHATSTATS_TEST_KQUEUE");
  if (given !== undefined) return { ...files, queueLibrary: given, userFilter: LIBKQUEUE_USER_FILTER };
  const built = build(`${folder}/kqueue_on_linux.so`);
  return built === null ? null : { ...files, queueLibrary: built, userFilter: MACOS_KQUEUE.userFilter };
}

function build(to: string): string | null {
  const source = new URL("./kqueue_on_linux.c", import.meta.url).pathname;
  const args = ["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-pthread", "-o", to, source];
  try {
    const { success, stderr } = new Deno.Command("cc", { args, stderr: "piped" }).outputSync();
    if (!success) throw new Error(`Cannot build the stand-in: ${new TextDecoder().decode(stderr)}`);
    return to;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

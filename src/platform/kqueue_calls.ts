/**
 * The system calls behind `kqueue.ts`, by FFI. Everything is looked up when they are opened, and buffers alone are
 * handed over (a pointer would need the permission at each call), so all of it works after `ffi` was revoked (tried).
 */
import { decodeKevents, encodeKevent, type Kevent, KEVENT_BYTES } from "./kevent.ts";

/** Where the calls are, and the numbers that are not the same everywhere. */
export interface KqueueSystem {
  /** Has `kqueue` and `kevent`. */
  readonly queueLibrary: string;
  /** Has `open` and `close`. */
  readonly fileLibrary: string;
  /** Second argument of `open`. */
  readonly openFlags: number;
  /** Number of `EVFILT_USER`. */
  readonly userFilter: number;
}

const O_EVTONLY = 0x8000;
/** Should a FIFO stand there, `open` must not wait for its other end. */
const O_NONBLOCK = 0x4;
const O_CLOEXEC = 0x100_0000;

export const MACOS_KQUEUE: KqueueSystem = {
  queueLibrary: "/usr/lib/libSystem.B.dylib",
  fileLibrary: "/usr/lib/libSystem.B.dylib",
  // "For events only": the file can't be read through it, and its volume can still be ejected.
  openFlags: O_EVTONLY | O_NONBLOCK | O_CLOEXEC,
  userFilter: -10,
};

export interface KqueueCalls {
  /** Number of `EVFILT_USER`. */
  readonly userFilter: number;
  /** A descriptor; null when the file is not there or may not be opened (which of them FFI can't tell). */
  open(path: string): number | null;
  closeFile(fd: number): void;
  /** False when the system refuses the change. */
  change(change: Kevent): boolean;
  /** Waits on a thread of its own until something happened; null when the call failed. */
  wait(): Promise<readonly Kevent[] | null>;
  /** What has happened, without waiting; null when the call failed. */
  poll(): readonly Kevent[] | null;
  /** Must not be called while a wait goes on. */
  close(): void;
}

/** Most events that one call gives; the rest come with the next. */
const MOST_EVENTS = 16;
/** A `struct timespec` of 0 seconds and 0 nanoseconds. */
const NO_TIME = new Uint8Array(16);

const KEVENT = { parameters: ["i32", "buffer", "i32", "buffer", "i32", "buffer"], result: "i32" } as const;

/** Null where they can't be had: no such library, no permission for `ffi`, or no queue to be given. */
export function openKqueueCalls(system: KqueueSystem): KqueueCalls | null {
  try {
    using opened = new DisposableStack();
    const queues = opened.adopt(openQueueLibrary(system.queueLibrary), (library) => library.close());
    const files = opened.adopt(openFileLibrary(system.fileLibrary), (library) => library.close());
    const queue = queues.symbols.kqueue();
    if (queue < 0) return null;
    opened.defer(() => void files.symbols.close(queue));
    return new ForeignCalls(system, queues.symbols, files.symbols, queue, opened.move());
  } catch {
    // Nothing depends on it: the poll looks anyway.
    return null;
  }
}

function openQueueLibrary(path: string) {
  return Deno.dlopen(path, {
    kqueue: { parameters: [], result: "i32" },
    kevent: KEVENT,
    wait: { ...KEVENT, name: "kevent", nonblocking: true },
  });
}

function openFileLibrary(path: string) {
  return Deno.dlopen(path, {
    // Variadic in C, and on arm64 macOS what is variadic goes over the stack: but that is only the third argument, the
    // mode, which is read with O_CREAT alone. The two that we give are named ones and go in registers.
    open: { parameters: ["buffer", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
  });
}

class ForeignCalls implements KqueueCalls {
  readonly userFilter: number;
  readonly #openFlags: number;
  readonly #queues: ReturnType<typeof openQueueLibrary>["symbols"];
  readonly #files: ReturnType<typeof openFileLibrary>["symbols"];
  readonly #queue: number;
  readonly #opened: DisposableStack;
  /** The system writes here while a wait goes on, so it is kept as long as the calls are. */
  readonly #events = new Uint8Array(MOST_EVENTS * KEVENT_BYTES);

  constructor(
    system: KqueueSystem,
    queues: ReturnType<typeof openQueueLibrary>["symbols"],
    files: ReturnType<typeof openFileLibrary>["symbols"],
    queue: number,
    opened: DisposableStack,
  ) {
    this.userFilter = system.userFilter;
    this.#openFlags = system.openFlags;
    this.#queues = queues;
    this.#files = files;
    this.#queue = queue;
    this.#opened = opened;
  }

  open(path: string): number | null {
    // The name would end there, and another file be opened.
    if (path.includes("\0")) return null;
    const fd = this.#files.open(new TextEncoder().encode(`${path}\0`), this.#openFlags);
    return fd < 0 ? null : fd;
  }

  closeFile(fd: number): void {
    this.#files.close(fd);
  }

  change(change: Kevent): boolean {
    // With room for no event it returns at once, whatever the time-out.
    return this.#queues.kevent(this.#queue, encodeKevent(change), 1, null, 0, null) >= 0;
  }

  async wait(): Promise<readonly Kevent[] | null> {
    // No time-out: a program that is idle is not woken. Whoever closes makes an event of their own.
    return this.#read(await this.#queues.wait(this.#queue, null, 0, this.#events, MOST_EVENTS, null));
  }

  poll(): readonly Kevent[] | null {
    return this.#read(this.#queues.kevent(this.#queue, null, 0, this.#events, MOST_EVENTS, NO_TIME));
  }

  close(): void {
    this.#opened.dispose();
  }

  #read(count: number): readonly Kevent[] | null {
    return count < 0 ? null : decodeKevents(this.#events, count);
  }
}

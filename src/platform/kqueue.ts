/**
 * Tells of every write to a file on macOS, where file events come only when the writer closes it (Messages keeps its
 * `-wal` open). Opened before `ffi` is revoked; goes on afterwards, arming included.
 *
 * A queue:  open ── close() ──▶ closed
 *             └──── the system's call fails ──▶ broken: every watch is told that its file is gone, no new one is given
 *
 * A watch:  armed ── written ──▶ armed, `onHint`
 *             ├───── deleted, renamed or volume gone; queue broken ──▶ ended, `onGone`
 *             └───── stopped, or queue closed ──▶ ended, nothing is told
 *
 * One call waits on a thread of its own without a time-out, so nothing wakes the program while nothing happens; closing
 * ends it by an event of our own. A wait that is under way keeps the program from ending by itself (`Deno.exit` does
 * not wait for it, tried), so whoever opens it closes it.
 */
import { type Clock, sleep, systemClock } from "./clock.ts";
import {
  EV_ADD,
  EV_CLEAR,
  EV_DELETE,
  EV_ERROR,
  EVFILT_VNODE,
  type Kevent,
  NOTE_DELETE,
  NOTE_EXTEND,
  NOTE_RENAME,
  NOTE_REVOKE,
  NOTE_TRIGGER,
  NOTE_WRITE,
} from "./kevent.ts";
import { type KqueueCalls, type KqueueSystem, MACOS_KQUEUE, openKqueueCalls } from "./kqueue_calls.ts";

export interface KqueueOptions {
  /** Null: none to be had here. */
  readonly system?: KqueueSystem | null;
  readonly clock?: Clock;
}

export interface FileWatchOptions {
  /** A `-wal`. */
  readonly path: string;
  /** It was written to: look. A commit need not be visible yet. Must not throw. */
  readonly onHint: () => void;
  /** What was watched is not at `path` any more, and the watch has ended. A hint as well. Must not throw. */
  readonly onGone: () => void;
}

/** What ends a watch: a new file of the same name is another one. */
const GONE = NOTE_DELETE | NOTE_RENAME | NOTE_REVOKE;
/** Neither NOTE_ATTRIB nor NOTE_LINK: a backup or Spotlight touches these, a commit doesn't. */
const WATCHED = NOTE_WRITE | NOTE_EXTEND | GONE;
/** Milliseconds from one event to waiting for the next: a writer's hundred writes in a row are a few hints, none lost. */
const PAUSE_MS = 2;
/** Number of the event with which we wake our own wait; watches count from 1. */
const WAKE_IDENT = 0;

/** Null where it can't be had: another system, no library, no permission for `ffi`, no descriptor left. */
export function openKqueue(options: KqueueOptions = {}): Kqueue | null {
  const here = Deno.build.os === "darwin" ? MACOS_KQUEUE : null;
  const { system = here, clock = systemClock } = options;
  const calls = system === null ? null : openKqueueCalls(system);
  if (calls === null) return null;
  const queue = new Kqueue(calls, clock);
  if (queue.start()) return queue;
  calls.close();
  return null;
}

export class Kqueue implements AsyncDisposable {
  readonly #calls: KqueueCalls;
  readonly #clock: Clock;
  readonly #watches = new Map<number, FileWatchOptions & { readonly fd: number }>();
  readonly #closing = new AbortController();
  #lastId = 0;
  #broken = false;
  #running: Promise<void> = Promise.resolve();
  #closed: Promise<void> | null = null;

  constructor(calls: KqueueCalls, clock: Clock) {
    this.#calls = calls;
    this.#clock = clock;
  }

  /** Begins to wait; false, with nothing begun, when the wait could not be ended again. */
  start(): boolean {
    if (!this.#calls.change(this.#wake(EV_ADD | EV_CLEAR, 0))) return false;
    this.#running = this.#run();
    return true;
  }

  /**
   * Watches the file that is at `path` now; the result ends it. Null when there is none, when it may not be opened, or
   * when the queue is broken or closed.
   *
   * It may be replaced while it is being armed. So look first which file is there, arm, and arm again when a later look
   * sees another one.
   *
   * Throws a TypeError for a path that does not end in `-wal`: closing any descriptor of another file of SQLite's takes
   * the locks off it that this process has. The -wal carries none.
   */
  watch(options: FileWatchOptions): (() => void) | null {
    if (!options.path.endsWith("-wal")) {
      throw new TypeError(`Cannot watch this file without losing SQLite's locks on it: ${options.path}`);
    }
    if (this.#broken || this.#closing.signal.aborted) return null;
    const fd = this.#calls.open(options.path);
    if (fd === null) return null;
    // Descriptors are used again, so an event that is already on its way is told apart by the watch's own number.
    const id = ++this.#lastId;
    if (!this.#calls.change(vnode(fd, EV_ADD | EV_CLEAR, id))) {
      this.#calls.closeFile(fd);
      return null;
    }
    this.#watches.set(id, { ...options, fd });
    return () => this.#end(id);
  }

  /** Ends every watch and the wait; nothing is told any more. Resolves when no thread is left, within milliseconds. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      // A signal to the process may interrupt a wait, and FFI can't read errno. A call that does not wait can't be
      // interrupted: if that fails too, the queue is broken.
      const events = await this.#calls.wait() ?? this.#calls.poll();
      if (signal.aborted) return;
      if (events === null) return this.#break();
      for (const event of events) this.#take(event);
      await sleep(this.#clock, PAUSE_MS, signal);
    }
  }

  #take(event: Kevent): void {
    const watch = this.#watches.get(event.udata);
    if (event.filter !== EVFILT_VNODE || watch === undefined) return;
    if ((event.fflags & GONE) === 0 && (event.flags & EV_ERROR) === 0) return watch.onHint();
    this.#end(event.udata);
    watch.onGone();
  }

  #break(): void {
    this.#broken = true;
    const watches = [...this.#watches];
    for (const [id] of watches) this.#end(id);
    for (const [_id, watch] of watches) watch.onGone();
  }

  #end(id: number): void {
    const watch = this.#watches.get(id);
    if (watch === undefined) return;
    this.#watches.delete(id);
    // Closing the descriptor does it on macOS; libraries that stand in for it (libkqueue) want to be told.
    this.#calls.change(vnode(watch.fd, EV_DELETE, id));
    this.#calls.closeFile(watch.fd);
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    for (const id of [...this.#watches.keys()]) this.#end(id);
    this.#calls.change(this.#wake(0, NOTE_TRIGGER));
    await this.#running;
    this.#calls.change(this.#wake(EV_DELETE, 0));
    this.#calls.close();
  }

  #wake(flags: number, fflags: number): Kevent {
    return { ident: WAKE_IDENT, filter: this.#calls.userFilter, flags, fflags, data: 0, udata: 0 };
  }
}

function vnode(fd: number, flags: number, id: number): Kevent {
  return { ident: fd, filter: EVFILT_VNODE, flags, fflags: WATCHED, data: 0, udata: id };
}

/** The kernel behind a `Kqueue`, as a test wants it: it tells what it is told to tell, and remembers the rest. */
import { EV_DELETE, EVFILT_VNODE, type Kevent, NOTE_TRIGGER } from "../../../src/platform/kevent.ts";
import type { KqueueCalls } from "../../../src/platform/kqueue_calls.ts";

type Events = readonly Kevent[] | null;

export class FakeKernel implements KqueueCalls {
  readonly userFilter = -10;
  /** Files that can be opened. */
  readonly files = new Set<string>();
  /** Open descriptors; the lowest that is free is given, as a real kernel does. */
  readonly descriptors = new Set<number>();
  /** What is watched: descriptor to the watch's own number. */
  readonly watched = new Map<number, number>();
  /** What a call that does not wait gives. */
  polled: Events = [];
  refusesChanges = false;
  waits = 0;
  isClosed = false;
  #waiting: ((events: Events) => void) | null = null;

  open(path: string): number | null {
    if (!this.files.has(path)) return null;
    let fd = 3;
    while (this.descriptors.has(fd)) fd++;
    this.descriptors.add(fd);
    return fd;
  }

  closeFile(fd: number): void {
    this.descriptors.delete(fd);
  }

  change(change: Kevent): boolean {
    if (this.refusesChanges) return false;
    if (change.filter === this.userFilter && change.fflags === NOTE_TRIGGER) this.#waiting?.([change]);
    if (change.filter !== EVFILT_VNODE) return true;
    if (change.flags === EV_DELETE) this.watched.delete(change.ident);
    else this.watched.set(change.ident, change.udata);
    return true;
  }

  wait(): Promise<Events> {
    this.waits++;
    return new Promise((resolve) => this.#waiting = resolve);
  }

  poll(): Events {
    return this.polled;
  }

  close(): void {
    this.isClosed = true;
  }

  /** An event of the file behind a descriptor, as it is watched now. */
  event(fd: number, fflags: number, flags = 0): Kevent {
    return { ident: fd, filter: EVFILT_VNODE, flags, fflags, data: 0, udata: this.watched.get(fd) ?? 0 };
  }

  /** The wait that goes on gives these, and whoever waited has done with them. */
  async give(events: Events): Promise<void> {
    this.#waiting?.(events);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
}

/*
 * kqueue(2) as far as src/platform/kqueue.ts uses it, on inotify, epoll and eventfd: the tests' stand-in where there is
 * no macOS. Numbers and struct are those of macOS. It tells what macOS tells, no more: EVFILT_VNODE with NOTE_WRITE,
 * NOTE_EXTEND, NOTE_DELETE and NOTE_RENAME, always with EV_CLEAR, and EVFILT_USER.
 *
 * Unlike macOS, closing a descriptor does not end its watch: EV_DELETE has to.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct kevent {
  uint64_t ident;
  int16_t filter;
  uint16_t flags;
  uint32_t fflags;
  int64_t data;
  uint64_t udata;
};

enum { VNODE = -4, USER = -10 };
enum { ADD = 0x1, DELETE = 0x2 };
enum { NOTE_DELETE = 0x1, NOTE_WRITE = 0x2, NOTE_EXTEND = 0x4, NOTE_RENAME = 0x20, NOTE_TRIGGER = 0x1000000 };

/* One thing that is watched. They are never freed: an epoll_wait on another thread may just have given one out. */
struct note {
  struct note *next;
  int queue;
  int source; /* an inotify or an eventfd, or -1 when deleted */
  off_t size;
  struct kevent event;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct note *notes = NULL;

/* A queue that was closed had this number before, and its things are still on the list. */
int kqueue(void) {
  int queue = epoll_create1(EPOLL_CLOEXEC);
  pthread_mutex_lock(&lock);
  for (struct note *note = notes; note != NULL; note = note->next) {
    if (note->queue != queue || note->source < 0) continue;
    close(note->source);
    note->source = -1;
  }
  pthread_mutex_unlock(&lock);
  return queue;
}

static struct note *find(int queue, const struct kevent *event) {
  struct note *note = notes;
  while (note != NULL && !(note->queue == queue && note->source >= 0 && note->event.ident == event->ident &&
                           note->event.filter == event->filter))
    note = note->next;
  return note;
}

static int watch_file(int fd, off_t *size) {
  struct stat file;
  char path[64];
  if (fstat(fd, &file) < 0) return -1;
  *size = file.st_size;
  int source = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (source < 0) return -1;
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  /* An unlinked file that is still open tells of it as IN_ATTRIB. */
  if (inotify_add_watch(source, path, IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF) >= 0) return source;
  close(source);
  return -1;
}

static int add(int queue, const struct kevent *event) {
  struct note *note = calloc(1, sizeof *note);
  if (note == NULL) return -1;
  note->queue = queue;
  note->event = *event;
  if (event->filter == VNODE) note->source = watch_file((int)event->ident, &note->size);
  else if (event->filter == USER) note->source = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  else { errno = EINVAL; note->source = -1; }
  struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = note};
  if (note->source < 0 || epoll_ctl(queue, EPOLL_CTL_ADD, note->source, &wanted) < 0) {
    if (note->source >= 0) close(note->source);
    free(note);
    return -1;
  }
  note->next = notes;
  notes = note;
  return 0;
}

static int change(int queue, const struct kevent *event) {
  struct note *note = find(queue, event);
  if (note == NULL) {
    if (event->flags & ADD) return add(queue, event);
    errno = ENOENT;
    return -1;
  }
  if (event->flags & DELETE) {
    close(note->source);
    note->source = -1;
  } else if (event->filter == USER && (event->fflags & NOTE_TRIGGER)) {
    return eventfd_write(note->source, 1);
  }
  return 0;
}

static uint32_t told_by_file(struct note *note) {
  char buffer[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
  uint32_t mask = 0, told = 0;
  ssize_t length;
  struct stat file;
  while ((length = read(note->source, buffer, sizeof buffer)) > 0)
    for (char *at = buffer; at < buffer + length; at += sizeof(struct inotify_event) + ((struct inotify_event *)at)->len)
      mask |= ((struct inotify_event *)at)->mask;
  if (fstat((int)note->event.ident, &file) < 0) return 0;
  if (mask & IN_MODIFY) told |= NOTE_WRITE;
  if (file.st_size > note->size) told |= NOTE_EXTEND;
  if (file.st_nlink == 0) told |= NOTE_DELETE;
  if (mask & IN_MOVE_SELF) told |= NOTE_RENAME;
  note->size = file.st_size;
  return told & note->event.fflags;
}

/* Whether there is something to tell of it, which goes to `told`. */
static int take(struct note *note, struct kevent *told) {
  eventfd_t times;
  if (note->source < 0) return 0;
  *told = note->event;
  told->data = 0;
  if (note->event.filter == USER) return eventfd_read(note->source, &times) == 0;
  told->fflags = told_by_file(note);
  return told->fflags != 0;
}

int kevent(int queue, const struct kevent *changes, int change_count, struct kevent *events, int room,
           const struct timespec *timeout) {
  int failed = 0, count = 0;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < change_count && !failed; i++) failed = change(queue, &changes[i]) < 0;
  pthread_mutex_unlock(&lock);
  if (failed || room == 0) return failed ? -1 : 0;
  do {
    struct epoll_event ready[16];
    int limit = timeout == NULL ? -1 : (int)(timeout->tv_sec * 1000 + timeout->tv_nsec / 1000000);
    int found = epoll_wait(queue, ready, room < 16 ? room : 16, limit);
    if (found < 0) return -1;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < found; i++) count += take(ready[i].data.ptr, &events[count]);
    pthread_mutex_unlock(&lock);
  } while (count == 0 && timeout == NULL);
  return count;
}

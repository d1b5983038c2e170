import { deepEqual, equal, ok } from "node:assert/strict";
import { walHints } from "../../src/app/wal_hints.ts";
import { LiveSyncError } from "../../src/model/errors.ts";
import type { FileWatchOptions } from "../../src/platform/kqueue.ts";
import { watchWalEvents } from "../../src/watch/file_events.ts";

Deno.test("walHints() is the file events where there is no kqueue", () => {
  equal(walHints(null), watchWalEvents);
});

Deno.test("walHints() passes on what kqueue tells of the WAL, its end without a reason", () => {
  const watched: FileWatchOptions[] = [];
  const told: unknown[] = [];
  const stop = walHints({
    watch: (options) => {
      watched.push(options);
      return () => told.push("stopped");
    },
  })({
    path: "/chat.db-wal",
    onHint: () => told.push("hint"),
    onEnd: (error) => told.push(error),
  });
  equal(watched[0]?.path, "/chat.db-wal");
  watched[0]?.onHint();
  watched[0]?.onGone();
  stop();
  deepEqual(told, ["hint", undefined, "stopped"]);
});

Deno.test("walHints() ends at once, with a reason, when kqueue can't watch the WAL", () => {
  const ends: unknown[] = [];
  walHints({ watch: () => null })({
    path: "/chat.db-wal",
    onHint: () => {},
    onEnd: (error) => ends.push(error),
  })();
  equal(ends.length, 1);
  ok(ends[0] instanceof LiveSyncError);
});

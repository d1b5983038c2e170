import { deepEqual, notDeepEqual } from "node:assert/strict";
import { lookOutcomeOf } from "../../src/app/look_outcome.ts";
import type { Look } from "../../src/source/look.ts";

const MISSING: Look = { kind: "missing", reason: "the file does not exist" };
const IDENTITY = { device: 1, inode: 2, birthMs: null };
const OTHER: Look = {
  kind: "other_file",
  file: { identity: IDENTITY, fileModifiedMs: 3 },
  sidecars: { wal: null, shm: null, walBytes: 0, walModifiedMs: 0 },
};

Deno.test("sightOf() passes on what a look saw of the WAL, and none while something is in the way", () => {
  const wal = { path: "/chat.db-wal", identity: "1:3" };
  deepEqual(lookOutcomeOf({ kind: "moved", modifiedMs: 4, wal }, 1), { state: "moved", wal });
  deepEqual(lookOutcomeOf({ kind: "quiet", wal: null }, 1), { state: "quiet", wal: null });
  deepEqual(lookOutcomeOf(MISSING, 1).wal, null);
});

Deno.test("sightOf() tells one obstacle from another, and from itself when the file was attached in between", () => {
  deepEqual(lookOutcomeOf(MISSING, 1), lookOutcomeOf(MISSING, 1));
  notDeepEqual(lookOutcomeOf(MISSING, 1), lookOutcomeOf(MISSING, 2));
  notDeepEqual(lookOutcomeOf(MISSING, 1), lookOutcomeOf(null, 1));
  const another: Look = { ...OTHER, file: { identity: { ...IDENTITY, inode: 9 }, fileModifiedMs: 3 } };
  notDeepEqual(lookOutcomeOf(OTHER, 1), lookOutcomeOf(another, 1));
  const reopened: Look = { ...OTHER, sidecars: { wal: "1:4", shm: "1:5", walBytes: 7, walModifiedMs: 6 } };
  const later: Look = { ...reopened, sidecars: { ...reopened.sidecars, walBytes: 8, walModifiedMs: 9 } };
  deepEqual(
    lookOutcomeOf(reopened, 1),
    lookOutcomeOf(later, 1),
    "a commit to a file that can't be read is no news",
  );
  notDeepEqual(lookOutcomeOf(OTHER, 1), lookOutcomeOf(reopened, 1));
});

import { deepEqual, notDeepEqual } from "node:assert/strict";
import { sightOf } from "../../src/app/look_outcome.ts";
import type { Look } from "../../src/source/look.ts";

const MISSING: Look = { kind: "missing", reason: "the file does not exist" };
const IDENTITY = { device: 1, inode: 2, birthMs: null };
const OTHER: Look = {
  kind: "other_file",
  glance: { identity: IDENTITY, fileModifiedMs: 3 },
  sidecars: { wal: null, shm: null, walBytes: 0, walModifiedMs: 0 },
};

Deno.test("sightOf() passes on what a look saw of the WAL, and none while something is in the way", () => {
  const wal = { path: "/chat.db-wal", identity: "1:3" };
  deepEqual(sightOf({ kind: "moved", modifiedMs: 4, wal }, 1), { state: "moved", wal });
  deepEqual(sightOf({ kind: "quiet", wal: null }, 1), { state: "quiet", wal: null });
  deepEqual(sightOf(MISSING, 1).wal, null);
});

Deno.test("sightOf() tells one obstacle from another, and from itself when the file was attached in between", () => {
  deepEqual(sightOf(MISSING, 1), sightOf(MISSING, 1));
  notDeepEqual(sightOf(MISSING, 1), sightOf(MISSING, 2));
  notDeepEqual(sightOf(MISSING, 1), sightOf(null, 1));
  const another: Look = { ...OTHER, glance: { identity: { ...IDENTITY, inode: 9 }, fileModifiedMs: 3 } };
  notDeepEqual(sightOf(OTHER, 1), sightOf(another, 1));
  const reopened: Look = { ...OTHER, sidecars: { wal: "1:4", shm: "1:5", walBytes: 7, walModifiedMs: 6 } };
  const later: Look = { ...reopened, sidecars: { ...reopened.sidecars, walBytes: 8, walModifiedMs: 9 } };
  deepEqual(sightOf(reopened, 1), sightOf(later, 1), "a commit to a file that can't be read is no news");
  notDeepEqual(sightOf(OTHER, 1), sightOf(reopened, 1));
});

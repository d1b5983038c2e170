import { equal, rejects } from "node:assert/strict";
import { LiveSyncError } from "../../../src/model/errors.ts";
import { SyncRequests } from "../../../src/sync/loops/sync_requests.ts";

const SUMMARY = { created: 1, updated: 0, deleted: 0, pending: 0, contacts: 0, merged: 0, duration_ms: 1 };

Deno.test("take() gives those who came so far, putBack() lets them wait for the next sync", async () => {
  const waiters = new SyncRequests();
  const first = waiters.add();
  const taken = waiters.take();
  equal(taken.length, 1);
  equal(waiters.take().length, 0);
  const second = waiters.add();
  waiters.putBack(taken);
  const both = waiters.take();
  equal(both[0], taken[0], "the first come first");
  for (const { resolve } of both) resolve(SUMMARY);
  equal(await first, SUMMARY);
  equal(await second, SUMMARY);
});

Deno.test("end() rejects those who wait and those who come later", async () => {
  const waiters = new SyncRequests();
  const waiting = waiters.add();
  waiters.end(new LiveSyncError("stopping", "Cannot sync"));
  await rejects(waiting, { code: "stopping" });
  await rejects(waiters.add(), { code: "stopping" });
});

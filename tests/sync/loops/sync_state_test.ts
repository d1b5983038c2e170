import { deepEqual, equal } from "node:assert/strict";
import { LiveSyncError } from "../../../src/model/errors.ts";
import type { Transient } from "../../../src/model/events.ts";
import type { Log } from "../../../src/platform/log.ts";
import { silentLog } from "../../../src/platform/log.ts";
import { SyncStateTracker } from "../../../src/sync/loops/sync_state.ts";

function watched() {
  const told: string[] = [];
  const logged: string[] = [];
  const log: Log = {
    ...silentLog,
    error: (message) => logged.push(message),
    info: (message) => logged.push(message),
  };
  const tell = (each: Transient) => {
    if (each.event === "state.changed") told.push(`${each.data.state} ${each.data.reason}`.trim());
  };
  return { condition: new SyncStateTracker({ tell }, log), told, logged };
}

const missing = new LiveSyncError("source_missing", "gone", "hint");
const full = new LiveSyncError("disk_full", "full", "hint");

Deno.test("Condition tells each change once, and the log when it breaks and when it is well", () => {
  const { condition, told, logged } = watched();
  condition.importing();
  condition.importing();
  condition.live();
  condition.failed(missing);
  condition.failed(missing);
  condition.failed(full);
  condition.live();
  condition.live();
  deepEqual(told, ["importing", "live", "source_missing gone", "failed full", "live"]);
  deepEqual(logged, ["Cannot sync", "Cannot sync", "Syncing again"]);
});

Deno.test("Condition.sourceIsWell is false for a failure of the source alone, until all went well", () => {
  const { condition } = watched();
  equal(condition.sourceIsWell, true);
  condition.failed(missing);
  equal(condition.sourceIsWell, false);
  condition.importing();
  equal(condition.sourceIsWell, false);
  equal(condition.broken, true);
  condition.failed(full);
  equal(condition.sourceIsWell, true);
  condition.live();
  equal(condition.broken, false);
});

/** When everything is compared, and how much of the machine that takes. */
import { deepEqual, equal } from "node:assert/strict";
import { LiveSyncError } from "../../../src/model/errors.ts";
import { type Log, silentLog } from "../../../src/platform/log.ts";
import type { StepOutcome } from "../../../src/sync/pass/step.ts";
import { NO_CHANGES } from "../../../src/sync/pass/logged_changes.ts";
import { ComparisonLoop } from "../../../src/sync/loops/comparison_loop.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { until } from "../../support/until.ts";

const SLICE: StepOutcome = {
  kind: "pass",
  events: [],
  counts: NO_CHANGES,
  thorough: true,
  more: true,
  importCompleted: false,
  resync: false,
  replaced: false,
};
const DAY_MS = 24 * 3_600_000;

/** A comparison of so many slices, of which each takes as long as it is told. */
class Scene implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly warnings: string[] = [];
  readonly comparisonLoop: ComparisonLoop;
  walks = 0;
  slices = 0;
  left = 0;
  imported = true;
  isUrgent = false;
  isReady = true;
  isRestless = false;
  sliceMs = 0;
  failure: LiveSyncError | null = null;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(slicesOfWalk = 3) {
    const log: Log = { ...silentLog, warning: (message) => this.warnings.push(message) };
    const begin = () => {
      this.walks++;
      this.left = slicesOfWalk;
    };
    const scene = {
      imported: () => this.imported,
      urgent: () => this.isUrgent,
      walking: () => this.left > 0,
      ready: () => this.isReady,
      restless: () => this.isRestless,
    };
    this.comparisonLoop = new ComparisonLoop({
      messages: {
        get imported() {
          return scene.imported();
        },
        comparison: {
          get isUrgent() {
            return scene.urgent();
          },
          begin,
          took: () => {},
        },
        compareStep: () => this.#slice(),
      },
      state: {
        get state() {
          return { state: scene.ready() ? "live" : "failed" } as const;
        },
      },
      announcer: { announce: () => {} },
      clock: this.clock,
      watcher: {
        get isRestless() {
          return scene.restless();
        },
      },
      log,
    });
    this.#running = this.comparisonLoop.run(this.#stop.signal);
  }

  #slice(): StepOutcome | null {
    if (this.failure !== null) throw this.failure;
    if (this.left === 0) return null;
    this.slices++;
    this.clock.stall(this.sliceMs);
    return { ...SLICE, more: --this.left > 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}

Deno.test("run() compares everything two seconds after the start, and then each day", async () => {
  await using scene = new Scene();
  scene.clock.tick(1_999);
  equal(scene.walks, 0);
  scene.clock.tick(1);
  await until(() => scene.slices === 3, "the first walk");
  scene.clock.tick(DAY_MS - 1);
  equal(scene.walks, 1);
  scene.clock.tick(1);
  await until(() => scene.slices === 6, "the walk of the next day");
});

Deno.test("run() waits for the import when there is none yet", async () => {
  await using scene = new Scene();
  await using other = new Scene();
  other.imported = false;
  other.comparisonLoop.caughtUp();
  scene.clock.tick(2_000);
  await until(() => scene.slices === 3, "a walk of the one that is imported");
  equal(other.slices, 0);
});

Deno.test("caughtUp() goes on at once with a walk that a gap began", async () => {
  await using scene = new Scene();
  scene.left = 2;
  scene.comparisonLoop.caughtUp();
  await until(() => scene.slices === 2, "both slices");
});

Deno.test("run() pauses between slices while Messages writes, unless something may be missing", async () => {
  await using scene = new Scene();
  Object.assign(scene, { isRestless: true, sliceMs: 10, left: 2 });
  scene.comparisonLoop.caughtUp();
  await until(() => scene.slices === 1 && scene.clock.timers === 2, "the pause behind the first slice");
  scene.clock.tick(199);
  equal(scene.slices, 1);
  scene.clock.tick(1);
  await until(() => scene.slices === 2, "the second slice");

  Object.assign(scene, { isUrgent: true, left: 2 });
  scene.comparisonLoop.caughtUp();
  await until(() => scene.slices === 4, "slices without a pause");
});

Deno.test("run() stops where all is not well, and goes on after the next catch-up", async () => {
  await using scene = new Scene();
  Object.assign(scene, { isReady: false, left: 1 });
  scene.comparisonLoop.caughtUp();
  scene.clock.tick(2_000);
  equal(scene.slices, 0);
  scene.isReady = true;
  scene.comparisonLoop.caughtUp();
  await until(() => scene.slices > 0, "a slice");
});

Deno.test("run() says once that a part can't be read, and tries it again each minute", async () => {
  await using scene = new Scene();
  scene.failure = new LiveSyncError("sqlite_11", "database disk image is malformed");
  scene.left = 1;
  scene.comparisonLoop.caughtUp();
  await until(() => scene.warnings.length === 1, "the warning");
  scene.comparisonLoop.caughtUp();
  scene.clock.tick(60_000);
  await until(() => scene.clock.timers >= 2, "the next pause");
  deepEqual(scene.warnings, ["Cannot check against Messages' database now"]);
  scene.failure = null;
  scene.clock.tick(60_000);
  await until(() => scene.slices > 0, "the slice that was damaged");
});

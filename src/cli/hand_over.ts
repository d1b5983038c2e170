/** Work on the database: the running instance does it; with none running we do it ourselves, holding the lock. */
import type { AppPorts } from "../app/app.ts";
import type { Config } from "../config.ts";
import { sleep } from "../platform/clock.ts";
import { type Holder, holderText, type InstanceInfo, isPassing, type Work } from "../platform/holder.ts";
import { acquireInstance } from "../platform/instance.ts";
import { refuseNetworkVolume } from "../platform/volume.ts";
import type { CommandContext } from "./command.ts";
import { reachableInstance } from "./remote.ts";
import { RunView } from "./run_view.ts";

const LOOK_AGAIN_MS = 250;

export interface HandedWork<T> {
  /** What others read of us while we hold the lock. */
  readonly doing: Work;
  /** Makes the database where there is none. Without it `here` must throw then: nothing is locked, and no file made. */
  readonly makesDatabase?: true;
  readonly remotely: (instance: InstanceInfo) => Promise<T>;
  readonly here: (config: Config, ports: AppPorts) => Promise<T>;
}

/** Waits for whoever holds the database for a while only, such as a `sync`, and says so. */
export async function handOver<T>(context: CommandContext, work: HandedWork<T>): Promise<T> {
  const { clock, io } = context;
  const config = context.config();
  using view = new RunView(io, clock, config, "once");
  let said = "";
  for (;;) {
    const instance = await reachableInstance(config.database, clock);
    if (instance) return await work.remotely(instance);
    if (!work.makesDatabase && !isThere(config.database)) return await work.here(config, {});
    refuseNetworkVolume(config.database);
    const { lock, heldBy } = await acquireInstance(config.database, clock, work.doing);
    if (lock) {
      using _lock = lock;
      return await work.here(config, {
        log: view.log,
        permissionHint: context.permissionHint(),
        observe: (happening) => view.observe(happening),
      });
    }
    // Anybody else was quicker: ask again who it is.
    if (!isPassing(heldBy)) continue;
    const text = waitingText(heldBy, clock.now());
    if (text !== said) view.waiting(text);
    said = text;
    await sleep(clock, LOOK_AGAIN_MS);
  }
}

export function waitingText(holder: Holder, nowMs: number): string {
  return `Waiting for ${holderText(holder, nowMs)} to finish`;
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    // There is something, and opening it says what is wrong with it.
    return true;
  }
}

/** Work on the database: the running instance does it; with none running we do it ourselves, holding the lock. */
import type { AppPorts } from "../app.ts";
import type { Config } from "../config.ts";
import { acquireInstance, type InstanceInfo } from "../platform/instance.ts";
import { refuseNetworkVolume } from "../platform/volume.ts";
import type { CommandContext } from "./command.ts";
import { reachableInstance } from "./remote.ts";
import { RunView } from "./run_view.ts";

/** `here` must throw where there is no database: then nothing is locked, and no file made. */
export async function handOver<T>(
  context: CommandContext,
  remotely: (instance: InstanceInfo) => Promise<T>,
  here: (config: Config, ports: AppPorts) => Promise<T>,
): Promise<T> {
  const { clock, io } = context;
  const config = context.config();
  for (;;) {
    const instance = await reachableInstance(config.database, clock);
    if (instance) return await remotely(instance);
    if (!isThere(config.database)) return await here(config, {});
    refuseNetworkVolume(config.database);
    const { lock } = await acquireInstance(config.database, clock);
    // Somebody else was quicker: ask again who it is.
    if (!lock) continue;
    using _lock = lock;
    using view = new RunView(io, clock, config);
    return await here(config, {
      log: view.log,
      permissionHint: context.permissionHint(),
      observe: (happening) => view.observe(happening),
    });
  }
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

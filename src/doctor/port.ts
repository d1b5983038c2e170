/** Whether the port on 127.0.0.1 can be had. */
import type { InstanceInfo } from "../platform/holder.ts";
import { type Check, failed, passed } from "./check.ts";

/** `port` 0: the system picks one. `instance`: the one that runs on our database, which may have it. */
export function checkPort(port: number, instance: InstanceInfo | null): Check {
  if (port !== 0 && instance !== null && URL.parse(instance.url)?.port === String(port)) {
    return passed("port", `Port ${port} is the running instance's own.`);
  }
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return passed("port", port === 0 ? "The system will pick a free port." : `Port ${port} is free.`);
  } catch (error) {
    return refusedPort(port, error);
  }
}

function refusedPort(port: number, error: unknown): Check {
  if (error instanceof Deno.errors.AddrInUse) {
    return failed(
      "port",
      `Cannot serve on port ${port}: another program is using it.`,
      `Leave --port away, so that the system picks one, or end that program: lsof -nP -iTCP:${port} -sTCP:LISTEN ` +
        "shows which it is.",
    );
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return failed(
      "port",
      `Cannot serve on port ${port}: the system did not allow it.`,
      "Leave --port away, or name one from 1024 on.",
    );
  }
  throw error;
}

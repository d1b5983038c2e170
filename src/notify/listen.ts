/** The listening sockets: 127.0.0.1, and ::1 on the same port if that is free. */
import { LiveSyncError } from "../model/errors.ts";
import { sleep, systemClock } from "../platform/clock.ts";

export interface Listening {
  readonly port: number;
  readonly onIPv6: boolean;
  /** Takes no more connections; waits for answers under way, but not long. */
  close(): Promise<void>;
}

type Answer = (request: Request) => Promise<Response>;

/** How long close() waits for answers under way. */
const LAST_ANSWERS_MS = 500;

export function listen(port: number, answer: Answer): Listening {
  const first = bind("127.0.0.1", port, answer);
  const second = bindIPv6(first.addr.port, answer);
  const servers = second === null ? [first] : [first, second];
  return {
    port: first.addr.port,
    onIPv6: second !== null,
    close: () => close(servers),
  };
}

function bind(hostname: string, port: number, answer: Answer) {
  try {
    const server = Deno.serve({
      hostname,
      port,
      // Without it Deno prints to stdout, which belongs to the sidecar's parent.
      onListen: () => {},
      onError: () => new Response(null, { status: 500 }),
    }, answer);
    if (server.addr.hostname !== hostname) {
      // DENO_SERVE_ADDRESS in the environment can lead Deno.serve elsewhere.
      void server.shutdown();
      throw new LiveSyncError("not_loopback", `Cannot listen as Deno bound another address than ${hostname}`);
    }
    return server;
  } catch (error) {
    throw explained(error, hostname, port);
  }
}

function explained(error: unknown, hostname: string, port: number): unknown {
  if (error instanceof Deno.errors.AddrInUse) {
    return new LiveSyncError(
      "port_in_use",
      `Cannot listen on ${hostname}:${port} as the port is taken`,
      "Choose another with --port, or leave it out and the system picks one.",
      { cause: error },
    );
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new LiveSyncError(
      "port_denied",
      `Cannot listen on ${hostname}:${port} as the system does not allow it`,
      "Choose a --port of 1024 or higher.",
      { cause: error },
    );
  }
  return error;
}

/** Null when ::1 cannot be had: no IPv6 here, or the port is somebody else's there. */
function bindIPv6(port: number, answer: Answer) {
  try {
    return bind("::1", port, answer);
  } catch {
    return null;
  }
}

/**
 * An answer that never comes is left to the end of the process: in Deno 2.9.6 aborting a server after shutdown()
 * throws "Bad resource ID" where nobody can catch it.
 */
async function close(servers: readonly Deno.HttpServer[]): Promise<void> {
  const patience = new AbortController();
  const late = sleep(systemClock, LAST_ANSWERS_MS, patience.signal);
  await Promise.race([Promise.all(servers.map((server) => server.shutdown())), late]);
  patience.abort();
}

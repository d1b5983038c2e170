/**
 * The listening sockets: 127.0.0.1, and ::1 on the same port if that is free.
 *
 *     listening ──accepting fails (no file descriptor left, seen with EMFILE)──▶ pausing ──▶ listening
 *         └──────────────────────────── close() ──▶ closed ◀──────────────────────┤
 *                                                     deaf ◀──no permission left─────┘
 *
 * Deno ends a server whose accept() failed, and the process with it unless somebody waits for `finished`. So anybody
 * who opens enough connections could end the program. Connections that are open already go on either way.
 */
import { LiveSyncError } from "../model/errors.ts";
import { type Cancel, type Clock, sleep, systemClock } from "../platform/clock.ts";
import type { ConnectionEnds } from "../platform/connection_cutter.ts";
import type { Log } from "../platform/log.ts";

export interface Listening {
  readonly port: number;
  readonly onIPv6: boolean;
  /** Takes no more connections; waits for answers under way, but not long. */
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly answer: (request: Request, ends: ConnectionEnds) => Promise<Response>;
  readonly clock: Clock;
  readonly log: Log;
  /** Connections can be taken no more, for good. */
  readonly onDeaf: (error: LiveSyncError) => void;
}

/** How long close() waits for answers under way. */
const LAST_ANSWERS_MS = 500;
/** Pause before listening again. */
const AGAIN_MS = 200;

export function listen(port: number, options: ListenOptions): Listening {
  const first = new Listener("127.0.0.1", port, options);
  const second = listenOnIPv6(first.port, options);
  const listeners = second === null ? [first] : [first, second];
  return {
    port: first.port,
    onIPv6: second !== null,
    close: () => close(listeners),
  };
}

/** Null when ::1 cannot be had: no IPv6 here, or the port is somebody else's there. */
function listenOnIPv6(port: number, options: ListenOptions): Listener | null {
  try {
    return new Listener("::1", port, options);
  } catch {
    return null;
  }
}

type Hostname = "127.0.0.1" | "::1";

class Listener {
  readonly port: number;
  readonly #hostname: Hostname;
  readonly #options: ListenOptions;
  #server: Deno.HttpServer<Deno.NetAddr>;
  #cancel: Cancel = () => {};
  #isClosed = false;
  #isWell = true;

  constructor(hostname: Hostname, port: number, options: ListenOptions) {
    this.#hostname = hostname;
    this.#options = options;
    this.#server = bind(hostname, port, options);
    this.port = this.#server.addr.port;
    this.#watch();
  }

  /** Resolves when the answers under way are given. */
  async shutdown(): Promise<void> {
    this.#isClosed = true;
    this.#cancel();
    // A server that failed has nothing left to shut down.
    await this.#server.shutdown().catch(() => {});
  }

  #watch(): void {
    this.#server.finished.catch((error: unknown) => {
      // Told once; it may take many attempts.
      if (this.#isWell) {
        this.#options.log.warning("Cannot take connections now; trying again", {
          address: this.#hostname,
          reason: error instanceof Error ? error.message : typeof error,
        });
      }
      this.#isWell = false;
      this.#listenSoon();
    });
  }

  #listenSoon(): void {
    if (this.#isClosed) return;
    this.#cancel = this.#options.clock.after(AGAIN_MS, () => {
      try {
        this.#server = bind(this.#hostname, this.port, this.#options);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotCapable)) return this.#listenSoon();
        // The permission was given away after the start, so only a new process can listen again.
        return this.#options.onDeaf(
          new LiveSyncError(
            "deaf",
            `Cannot listen on ${this.#hostname} again: the permission was given up`,
            "Start it again. Something opened more connections than the system allows.",
            { cause: error },
          ),
        );
      }
      this.#watch();
    });
  }
}

function bind(
  hostname: Hostname,
  port: number,
  { answer }: ListenOptions,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    const server: Deno.HttpServer<Deno.NetAddr> = Deno.serve({
      hostname,
      port,
      // Without it Deno prints to stdout, which belongs to the sidecar's parent.
      onListen: () => {},
      onError: () => new Response(null, { status: 500 }),
    }, (request, { remoteAddr }) =>
      answer(request, {
        localPort: server.addr.port,
        peerPort: remoteAddr.port,
        family: hostname === "::1" ? "ipv6" : "ipv4",
      }));
    if (server.addr.hostname !== hostname) {
      // DENO_SERVE_ADDRESS in the environment can lead Deno.serve elsewhere.
      void server.shutdown();
      throw new LiveSyncError("not_loopback", `Cannot listen: Deno bound another address than ${hostname}`);
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
      `Cannot listen on ${hostname}:${port}: another program is using the port`,
      "Choose another with --port, or leave it out and the system picks one.",
      { cause: error },
    );
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new LiveSyncError(
      "port_denied",
      `Cannot listen on ${hostname}:${port}: the system does not allow it`,
      "Choose a --port of 1024 or higher.",
      { cause: error },
    );
  }
  return error;
}

/**
 * An answer that never comes is left to the end of the process: in Deno 2.9.6 aborting a server after shutdown()
 * throws "Bad resource ID" where nobody can catch it.
 */
async function close(listeners: readonly Listener[]): Promise<void> {
  const patience = new AbortController();
  const late = sleep(systemClock, LAST_ANSWERS_MS, patience.signal);
  await Promise.race([Promise.all(listeners.map((listener) => listener.shutdown())), late]);
  patience.abort();
}

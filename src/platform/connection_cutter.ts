/**
 * Cuts a TCP connection that Deno itself has no way to end (2.9.6): the socket of a WebSocket whose client reads no
 * more. The close frame stands behind the backlog, and no method ends the connection without it.
 *
 * `shutdown(2)` is called on our end of it. Which descriptor that is Deno does not say, so the open ones are asked
 * for their peer: a connection is known by its two ports and its address family. Between finding and ending it no
 * other code runs on this thread, which is the one that owns Deno's sockets, so it cannot become another one's.
 *
 * The two functions are looked up when it is opened. After that no permission is needed, so `ffi` can be revoked.
 * Tried on Linux; on macOS the structures are the same as far as they are read here, but it did not run there yet.
 */

/** Our end of a connection, as `Deno.ServeHandlerInfo` and the listener name it. */
export interface ConnectionEnds {
  readonly localPort: number;
  readonly peerPort: number;
  readonly family: "ipv4" | "ipv6";
}

export interface ConnectionCutter {
  /** Ends the connection in both directions; false when it is not there any more. */
  cut(ends: ConnectionEnds): boolean;
  close(): void;
}

/** Most descriptors that are looked at: as many as macOS allows a process by default. */
const MAX_DESCRIPTORS = 10_240;
const SHUT_RDWR = 2;
/** `sizeof(struct sockaddr_in)` and `sockaddr_in6`, on Linux and on macOS. */
const ADDRESS_BYTES = { ipv4: 16, ipv6: 28 } as const;
/** Both structures have the port in network order here. */
const PORT_OFFSET = 2;

const LIBRARIES: Partial<Record<typeof Deno.build.os, string>> = {
  darwin: "/usr/lib/libSystem.B.dylib",
  linux: "libc.so.6",
};

/** Null where it cannot be had: another system, or no permission for `ffi`. */
export function openConnectionCutter(): ConnectionCutter | null {
  const name = LIBRARIES[Deno.build.os];
  if (name === undefined) return null;
  try {
    const library = Deno.dlopen(name, {
      getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
      getpeername: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
      shutdown: { parameters: ["i32", "i32"], result: "i32" },
    });
    let isOpen = true;
    return {
      cut(ends) {
        if (!isOpen) return false;
        const { getsockname, getpeername, shutdown } = library.symbols;
        const fd = findDescriptor(ends, getsockname, getpeername);
        return fd !== null && shutdown(fd, SHUT_RDWR) === 0;
      },
      close() {
        if (isOpen) library.close();
        isOpen = false;
      },
    };
  } catch {
    // Without it such a connection stays until its client reads or goes, which is bounded, too.
    return null;
  }
}

/** Writes an address and its length; 0 when there is one. */
type NameOf = (fd: number, address: Uint8Array<ArrayBuffer>, length: Uint32Array<ArrayBuffer>) => number;

function findDescriptor(ends: ConnectionEnds, localName: NameOf, peerName: NameOf): number | null {
  for (let fd = 0; fd < MAX_DESCRIPTORS; fd++) {
    if (
      portOf(fd, peerName, ends.family) === ends.peerPort &&
      portOf(fd, localName, ends.family) === ends.localPort
    ) return fd;
  }
  return null;
}

/** The port of one end, or null when the descriptor is no connection of this family. */
function portOf(fd: number, name: NameOf, family: ConnectionEnds["family"]): number | null {
  const address = new Uint8Array(128);
  const length = new Uint32Array([address.length]);
  if (name(fd, address, length) !== 0 || length[0] !== ADDRESS_BYTES[family]) return null;
  return new DataView(address.buffer).getUint16(PORT_OFFSET);
}

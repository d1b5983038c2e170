/** HTTP by hand: headers that fetch() would not send, and a WebSocket that is never read. */
const encoder = new TextEncoder();

export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

/** Sends `lines` as a request's head (`Connection: close` is added) and reads the answer to its end. */
export async function rawRequest(port: number, lines: readonly string[]): Promise<RawAnswer> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(encoder.encode([...lines, "Connection: close", "", ""].join("\r\n")));
  const text = await new Response(connection.readable).text();
  return { status: Number(text.split(" ")[1] ?? 0), text };
}

/** Opens a WebSocket and gives the connection after the answer's head. */
export async function rawSocket(port: number, token: string): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(handshake(port, `/ws?token=${token}`));
  await connection.read(new Uint8Array(1024));
  return connection;
}

/** Asks for a WebSocket with these header lines besides the usual ones, and gives the head of the answer. */
export async function rawHandshake(port: number, lines: readonly string[]): Promise<RawAnswer> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(handshake(port, "/ws", lines));
  const buffer = new Uint8Array(4096);
  let text = "";
  while (!text.includes("\r\n\r\n")) {
    const count = await connection.read(buffer);
    if (count === null) break;
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return { status: Number(text.split(" ")[1] ?? 0), text: text.slice(0, text.indexOf("\r\n\r\n")) };
}

function handshake(port: number, path: string, lines: readonly string[] = []): Uint8Array {
  const head = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...lines,
  ];
  return encoder.encode([...head, "", ""].join("\r\n"));
}

/** Opens a WebSocket, sends one text frame, and gives the connection without reading on. */
export async function silentSocket(port: number, token: string, message: unknown): Promise<Deno.TcpConn> {
  const connection = await rawSocket(port, token);
  await writeAll(connection, frame(OPCODE.TEXT, encoder.encode(JSON.stringify(message))));
  return connection;
}

export const OPCODE = { CONTINUATION: 0, TEXT: 1, CLOSE: 8, PING: 9 } as const;

/** A client's frame, masked with zeros. `first`: bits beside the opcode, 0x80 (final) if not given. */
export function frame(opcode: number, payload: Uint8Array, first = 0x80): Uint8Array {
  const { length } = payload;
  const size = length < 126
    ? [0x80 | length]
    : length < 65_536
    ? [0xfe, length >> 8, length & 255]
    : [0xff, 0, 0, 0, 0, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255];
  const bytes = new Uint8Array(1 + size.length + 4 + length);
  bytes.set([first | opcode, ...size]);
  bytes.set(payload, bytes.length - length);
  return bytes;
}

export async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Reads until the other side ends the connection, cleanly or not; gives the last bytes. */
export async function readToEnd(connection: Deno.Conn): Promise<Uint8Array> {
  let tail = new Uint8Array();
  const buffer = new Uint8Array(1 << 16);
  try {
    while (true) {
      const count = await connection.read(buffer);
      if (count === null) return tail;
      tail = Uint8Array.from([...tail.slice(-200), ...buffer.subarray(Math.max(0, count - 200), count)]);
    }
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe) return tail;
    throw error;
  }
}

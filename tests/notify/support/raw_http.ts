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

/** Opens a WebSocket, sends one text frame, and gives the connection without reading on. */
export async function silentSocket(port: number, token: string, message: unknown): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const head = [
    `GET /ws?token=${token} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "",
    "",
  ];
  await connection.write(encoder.encode(head.join("\r\n")));
  await connection.read(new Uint8Array(1024));
  await connection.write(textFrame(JSON.stringify(message)));
  return connection;
}

/** A client's frame: masked, here with a mask of zeros, and shorter than 126 bytes. */
function textFrame(text: string): Uint8Array {
  const payload = encoder.encode(text);
  if (payload.length > 125) throw new RangeError("too long for a short frame");
  return Uint8Array.from([0x81, 0x80 | payload.length, 0, 0, 0, 0, ...payload]);
}

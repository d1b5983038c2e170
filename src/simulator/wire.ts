/**
 * JSON Lines between the simulated app and who drives it. What JSON has no word for: bytes are `{"$base64":"…"}`,
 * integers above 2^53 are `{"$int":"…"}`.
 */

export function formatLine(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === "bigint") return { $int: item.toString() };
    if (item instanceof Uint8Array) return { $base64: item.toBase64() };
    return item;
  }) + "\n";
}

/** Throws a SyntaxError when `line` is not JSON. */
export function parseLine(line: string): unknown {
  return JSON.parse(line, (_key, item: unknown) => {
    if (typeof item !== "object" || item === null) return item;
    if ("$int" in item && typeof item.$int === "string") return BigInt(item.$int);
    if ("$base64" in item && typeof item.$base64 === "string") return Uint8Array.fromBase64(item.$base64);
    return item;
  });
}

/** The lines of a byte stream, without their ends; empty ones are left out. Stopping early cancels the stream. */
export async function* readLines(readable: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of readable) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
  }
  if (rest !== "") yield rest;
}

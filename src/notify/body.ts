/** The body of a request, read to its end or given up with the answer that says why. */
import { type Clock, sleep } from "../platform/clock.ts";
import { failureAnswer } from "./answer.ts";

/** Longest body of a request, in bytes. */
const MAX_BODY_BYTES = 64 * 1024;

export interface BodyPatience {
  readonly clock: Clock;
  /** How long a body may take. */
  readonly bodyMs: number;
}

/** `hint`: what a right body would be. */
export async function readBody(
  request: Request,
  patience: BodyPatience,
  hint: string,
): Promise<Uint8Array | Response> {
  const read = await readWhole(request, patience);
  switch (read) {
    case "too_large":
      return failureAnswer(413, {
        code: "body_too_large",
        message: "The body is longer than 64 KiB",
        hint,
      });
    case "incomplete":
      return failureAnswer(408, {
        code: "body_incomplete",
        message: "The body is not complete",
        hint,
      });
    default:
      return read;
  }
}

/** Reads the body to its end, or gives up where it grows too long, takes too long or breaks off. */
async function readWhole(
  request: Request,
  patience: BodyPatience,
): Promise<Uint8Array | "too_large" | "incomplete"> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return "too_large";
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const done = new AbortController();
  const late = sleep(patience.clock, patience.bodyMs, done.signal).then(() => null);
  const parts: Uint8Array[] = [];
  try {
    for (let size = 0; size <= MAX_BODY_BYTES;) {
      const part = await Promise.race([reader.read(), late]);
      if (part === null) return "incomplete";
      if (part.done) return joined(parts, size);
      size += part.value.byteLength;
      parts.push(part.value);
    }
    return "too_large";
  } catch {
    // The client went away in the middle: nobody hears the answer.
    return "incomplete";
  } finally {
    done.abort();
    // Not awaited: it may wait for the client; what is left to read does not concern us any more.
    reader.cancel().catch(() => {});
  }
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

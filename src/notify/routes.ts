/**
 * What stands under /api/v1, and /health: method, path, answer. No checks here; those are done before (http.ts).
 */
import { LiveSyncError } from "../model/errors.ts";
import type { SyncSummary } from "../model/events.ts";
import type { HealthReport, StatusReport } from "../model/status.ts";
import { type Clock, sleep } from "../platform/clock.ts";
import type { ConnectionEnds } from "../platform/connection_cutter.ts";
import type { Log } from "../platform/log.ts";
import { failureAnswer, jsonAnswer } from "./answer.ts";

export interface ApiPorts {
  health(): HealthReport;
  status(): StatusReport;
  /** Runs a pass now. */
  sync(): Promise<SyncSummary>;
}

export type Method = "GET" | "POST" | "PUT";

export interface Route {
  readonly method: Method;
  readonly path: RegExp;
  answer(request: Request, ends: ConnectionEnds): Response | Promise<Response>;
}

/** Longest body of a request, in bytes. */
export const MAX_BODY_BYTES = 64 * 1024;

export interface BodyPatience {
  readonly clock: Clock;
  /** How long a body may take. */
  readonly bodyMs: number;
}

export function apiRoutes(ports: ApiPorts, patience: BodyPatience): readonly Route[] {
  return [
    { method: "GET", path: /^\/health$/, answer: () => jsonAnswer(200, ports.health()) },
    { method: "GET", path: /^\/api\/v1\/status$/, answer: () => jsonAnswer(200, ports.status()) },
    { method: "POST", path: /^\/api\/v1\/sync$/, answer: (request) => answerSync(request, ports, patience) },
    later("GET", /^\/api\/v1\/chats$/),
    later("GET", /^\/api\/v1\/chats\/[1-9]\d*\/messages$/),
    later("GET", /^\/api\/v1\/contacts$/),
    later("GET", /^\/api\/v1\/contacts\/merges$/),
    later("POST", /^\/api\/v1\/contacts\/merges\/[1-9]\d*\/undo$/),
    later("PUT", /^\/api\/v1\/contacts\/[1-9]\d*\/name$/),
    later("GET", /^\/api\/v1\/activity$/),
  ];
}

/** A name that the contract has and a later version answers. */
function later(method: Method, path: RegExp): Route {
  return {
    method,
    path,
    answer: () =>
      failureAnswer(501, {
        code: "not_built_yet",
        message: "Cannot answer this as it is not built yet",
        hint: "A later version brings it.",
      }),
  };
}

async function answerSync(request: Request, ports: ApiPorts, patience: BodyPatience): Promise<Response> {
  switch (await readBody(request, patience)) {
    case "read":
      return jsonAnswer(200, await ports.sync());
    case "too_large":
      return failureAnswer(413, {
        code: "body_too_large",
        message: "Cannot read the body as it is longer than 64 KiB",
        hint: "POST /api/v1/sync needs no body.",
      });
    case "incomplete":
      return failureAnswer(408, {
        code: "body_incomplete",
        message: "Cannot answer as the body did not come to its end",
        hint: "POST /api/v1/sync needs no body.",
      });
  }
}

/** Reads the body to its end, or gives up where it grows too long, takes too long or breaks off. */
async function readBody(
  request: Request,
  patience: BodyPatience,
): Promise<"read" | "too_large" | "incomplete"> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return "too_large";
  if (request.body === null) return "read";
  const reader = request.body.getReader();
  const done = new AbortController();
  const late = sleep(patience.clock, patience.bodyMs, done.signal).then(() => null);
  try {
    for (let size = 0; size <= MAX_BODY_BYTES;) {
      const part = await Promise.race([reader.read(), late]);
      if (part === null) return "incomplete";
      if (part.done) return "read";
      size += part.value.byteLength;
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

/** The answer to what an answering function threw. Only our own errors are known to hold nothing private. */
export function thrownAnswer(error: unknown, log: Log): Response {
  if (error instanceof LiveSyncError) {
    log.warning("Cannot answer a request", { code: error.code });
    return failureAnswer(error.code === "not_built_yet" ? 501 : 503, {
      code: error.code,
      message: error.message,
      hint: error.hint,
    });
  }
  log.error("A request failed", { error: error instanceof Error ? error.name : typeof error });
  return failureAnswer(500, {
    code: "internal",
    message: "Cannot answer as something went wrong inside",
    hint: "The log of the program may say more.",
  });
}

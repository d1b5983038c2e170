/**
 * What stands under /api/v1, and /health: method, path, answer. No checks here; those are done before (http.ts).
 */
import { LiveSyncError } from "../model/errors.ts";
import type { SyncSummary } from "../model/events.ts";
import type { HealthReport, StatusReport } from "../model/status.ts";
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
  answer(request: Request): Response | Promise<Response>;
}

/** Longest body of a request, in bytes. */
export const MAX_BODY_BYTES = 64 * 1024;

export function apiRoutes(ports: ApiPorts): readonly Route[] {
  return [
    { method: "GET", path: /^\/health$/, answer: () => jsonAnswer(200, ports.health()) },
    { method: "GET", path: /^\/api\/v1\/status$/, answer: () => jsonAnswer(200, ports.status()) },
    { method: "POST", path: /^\/api\/v1\/sync$/, answer: (request) => answerSync(request, ports) },
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

async function answerSync(request: Request, ports: ApiPorts): Promise<Response> {
  if (!await isBodySmall(request)) {
    return failureAnswer(413, {
      code: "body_too_large",
      message: "Cannot read the body as it is longer than 64 KiB",
      hint: "POST /api/v1/sync needs no body.",
    });
  }
  return jsonAnswer(200, await ports.sync());
}

/** Reads the body to its end, or gives up where it grows too long. */
async function isBodySmall(request: Request): Promise<boolean> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return false;
  if (request.body === null) return true;
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) return false;
  }
  return true;
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

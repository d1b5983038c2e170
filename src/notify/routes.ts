/**
 * What stands under /api/v1, and /health: method, path, answer. No checks here; those are done before (http.ts).
 */
import { LiveSyncError } from "../model/errors.ts";
import type { SyncSummary } from "../model/events.ts";
import type { HealthReport, StatusReport } from "../model/status.ts";
import type { Log } from "../platform/log.ts";
import { type ActivityPort, activityRoutes } from "./activity_routes.ts";
import { failureAnswer, jsonAnswer } from "./answer.ts";
import { type BodyPatience, readBody } from "./body.ts";
import { type ChatsPort, chatsRoutes } from "./chats_routes.ts";
import { type ContactsPort, contactsRoutes } from "./contacts_routes.ts";
import type { Call, Route } from "./route.ts";

export interface ApiPorts {
  health(): HealthReport;
  status(): StatusReport;
  /** Runs a pass now. */
  sync(): Promise<SyncSummary>;
  readonly chats: ChatsPort;
  readonly contacts: ContactsPort;
  readonly activity: ActivityPort;
}

export function apiRoutes(ports: ApiPorts, patience: BodyPatience): readonly Route[] {
  return [
    { method: "GET", path: /^\/health$/, answer: () => jsonAnswer(200, ports.health()) },
    { method: "GET", path: /^\/api\/v1\/status$/, answer: () => jsonAnswer(200, ports.status()) },
    { method: "POST", path: /^\/api\/v1\/sync$/, answer: (call) => syncAnswer(call, ports, patience) },
    ...chatsRoutes(ports.chats),
    ...contactsRoutes(ports.contacts, patience),
    ...activityRoutes(ports.activity),
  ];
}

async function syncAnswer({ request }: Call, ports: ApiPorts, patience: BodyPatience): Promise<Response> {
  const body = await readBody(request, patience, "POST /api/v1/sync needs no body.");
  return body instanceof Response ? body : jsonAnswer(200, await ports.sync());
}

/** Those of our errors that are the client's to mend or to wait for; all others are 503, and worth a word in the log. */
const STATUS_OF: ReadonlyMap<string, number> = new Map([
  ["bad_request", 400],
  ["not_found", 404],
  ["already_undone", 409],
  ["is_me", 409],
  ["importing", 503],
]);

/** The answer to what an answering function threw. Only our own errors are known to hold nothing private. */
export function thrownAnswer(error: unknown, log: Log): Response {
  if (error instanceof LiveSyncError) {
    const status = STATUS_OF.get(error.code);
    if (status === undefined) {
      log.warning("A request could not be answered", { code: error.code, reason: error.message });
    }
    return failureAnswer(status ?? 503, {
      code: error.code,
      message: error.message,
      hint: error.hint,
    });
  }
  log.error("A request failed", { error: error instanceof Error ? error.name : typeof error });
  return failureAnswer(500, {
    code: "internal",
    message: "Internal error",
    hint: "The log of the program may say more.",
  });
}

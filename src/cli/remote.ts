/** Asks the running instance over HTTP, as any client would. */
import * as v from "valibot";
import { errorMessage, LiveSyncError } from "../model/errors.ts";
import type { SyncSummary } from "../model/events.ts";
import { MAX_LIMIT } from "../model/page.ts";
import type { Clock } from "../platform/clock.ts";
import { sleep } from "../platform/clock.ts";
import { type Holder, holderText, type InstanceInfo, isPassing } from "../platform/holder.ts";
import { readInstance } from "../platform/instance.ts";

const STARTING_MS = 10_000;
const LOOK_AGAIN_MS = 50;

/**
 * The instance that runs on `database`, once it can be reached; null when there is none, also while a `sync` or the like
 * holds it. One that has not told its address yet is starting, which is over soon: it is waited for.
 */
export async function reachableInstance(database: string, clock: Clock): Promise<InstanceInfo | null> {
  const giveUpAt = clock.monotonic() + STARTING_MS;
  for (;;) {
    const holder = readInstance(database);
    if (holder === null || isPassing(holder)) return null;
    if (holder.info) return holder.info;
    if (clock.monotonic() >= giveUpAt) throw busyError(holder, clock.now());
    await sleep(clock, LOOK_AGAIN_MS);
  }
}

function busyError(holder: Holder, nowMs: number): LiveSyncError {
  return new LiveSyncError(
    "instance_busy",
    `The database is in use by ${holderText(holder, nowMs)}, which cannot be reached yet`,
    "Try again in a moment.",
  );
}

/** The answer's JSON. Throws what the instance answered instead, or that it doesn't answer. */
export async function ask(
  instance: InstanceInfo,
  method: "GET" | "POST" | "PUT",
  path: string,
  sent?: unknown,
): Promise<unknown> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(new URL(path, instance.url), {
      method,
      headers: { authorization: `Bearer ${instance.token}` },
      ...sent === undefined ? {} : { body: JSON.stringify(sent) },
    });
    body = await response.json();
  } catch (error) {
    throw new LiveSyncError(
      "instance_unreachable",
      `The running instance (process ${instance.pid}) does not answer at ${instance.url}: ${
        // What JSON.parse() says may quote the answer, and that may hold names.
        error instanceof SyntaxError ? "its answer is no JSON" : errorMessage(error)}`,
      "It may be shutting down: try again.",
      { cause: error },
    );
  }
  if (response.ok) return body;
  const refused = v.safeParse(ErrorAnswer, body);
  if (!refused.success) {
    throw new LiveSyncError(
      "instance_refused",
      `The running instance refused: it answered ${response.status}`,
    );
  }
  const { code, message, hint } = refused.output.error;
  throw new LiveSyncError(code, message, hint ?? "");
}

/** The `state` of `/health`, which needs no token; null while nobody answers. */
export async function healthOf(url: string): Promise<string | null> {
  try {
    const response = await fetch(new URL("/health", url), { signal: AbortSignal.timeout(2_000) });
    const answer: unknown = await response.json();
    const state = new Map(Object.entries(Object(answer))).get("state");
    return typeof state === "string" ? state : null;
  } catch {
    // It is coming up or going: whoever asks, asks again.
    return null;
  }
}

const ErrorAnswer = v.object({
  error: v.object({ code: v.string(), message: v.string(), hint: v.optional(v.string()) }),
});

const Summary = v.object({
  created: v.number(),
  updated: v.number(),
  deleted: v.number(),
  pending: v.number(),
  contacts: v.number(),
  merged: v.number(),
  duration_ms: v.number(),
});

/** `POST /api/v1/sync`: exactly the fields that `sync --json` promises. */
export async function askForSync(instance: InstanceInfo): Promise<SyncSummary> {
  return understood(Summary, await ask(instance, "POST", "/api/v1/sync"));
}

const nullableNumber = v.nullable(v.number());

/** What the words of `status` are made of. */
const StatusWords = v.object({
  version: v.string(),
  state: v.string(),
  database: v.object({
    path: v.string(),
    messages: v.number(),
    chats: v.number(),
    contacts: v.number(),
    attachments: v.number(),
    reactions: v.number(),
    size_bytes: v.number(),
  }),
  last_sync: v.object({
    at: v.nullable(v.string()),
    duration_ms: nullableNumber,
    reason: v.nullable(v.string()),
  }),
  latency_ms: v.object({ p50: nullableNumber, p99: nullableNumber }),
  sources: v.array(
    v.object({ kind: v.string(), path: v.string(), state: v.string(), hint: v.string() }),
  ),
  import: v.nullable(v.object({ done: v.number(), total: v.number() })),
  pending: v.number(),
  // An instance of an older version does not tell it.
  pending_old: v.optional(v.number(), 0),
  undecodable: v.number(),
  reconcile: v.optional(
    v.nullable(v.object({ at: v.string(), missing: v.number(), extra: v.number(), different: v.number() })),
    null,
  ),
  not_in_source: v.optional(v.number(), 0),
  clients: v.number(),
});
export type StatusWords = DeepReadonly<v.InferOutput<typeof StatusWords>>;
type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** `GET /api/v1/status`: the whole answer as it came, and what the words are made of. */
export async function askForStatus(
  instance: InstanceInfo,
): Promise<{ readonly whole: unknown; readonly words: StatusWords }> {
  const whole = await ask(instance, "GET", "/api/v1/status");
  return { whole, words: understood(StatusWords, whole) };
}

const Listed = v.object({ items: v.array(v.unknown()), next: v.nullable(v.string()) });

/** One page of a list, such as `/api/v1/contacts/merges`. */
export async function askForPage(
  instance: InstanceInfo,
  path: string,
  asked: Readonly<Record<string, string>>,
): Promise<DeepReadonly<v.InferOutput<typeof Listed>>> {
  const query = new URLSearchParams({ limit: String(MAX_LIMIT), ...asked });
  return understood(Listed, await ask(instance, "GET", `${path}?${query}`));
}

/** Throws LiveSyncError `instance_answer` where it has another shape. */
export function understood<S extends v.GenericSchema>(schema: S, answer: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, answer);
  if (result.success) return result.output;
  throw new LiveSyncError(
    "instance_answer",
    "The running instance gave an answer that this version does not understand",
    "It may be another version: stop it and start this one.",
  );
}

/**
 * What a client sends, checked. Pure: text in, a message or the reason for its refusal out.
 *
 * The texts of refusals never repeat what the client sent: they may end in a log on its side.
 */
import * as v from "valibot";
import type { ClientMessage } from "../model/events.ts";
import { isTopic } from "./topics.ts";

/** Exported for its test. */
export const PROTOCOL_ERRORS = [
  "bad_json",
  "bad_message",
  "unknown_type",
  "unknown_topic",
  "too_many_topics",
  "too_large",
  "sync_failed",
] as const;
export type ProtocolErrorCode = typeof PROTOCOL_ERRORS[number];

export interface Refusal {
  readonly code: ProtocolErrorCode;
  readonly message: string;
}

export type Parsed =
  | { readonly ok: true; readonly message: ClientMessage }
  | ({ readonly ok: false } & Refusal);

/** Longest message (WebSocket) or line (stdin) that is read, in bytes. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

const Position = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Topics = v.array(v.string());
const Message = v.variant("type", [
  v.object({
    type: v.literal("subscribe"),
    topics: Topics,
    after: v.optional(Position),
    feed: v.optional(v.string()),
  }),
  v.object({ type: v.literal("unsubscribe"), topics: Topics }),
  v.object({ type: v.literal("ping") }),
  v.object({ type: v.literal("sync") }),
  v.object({ type: v.literal("shutdown") }),
]);
const Typed = v.object({ type: v.string() });

const SOCKET_TYPES: readonly string[] = ["subscribe", "unsubscribe", "ping"];
const SIDECAR_TYPES: readonly string[] = [...SOCKET_TYPES, "sync", "shutdown"];

/** Reads one message. `sidecar`: the types that only stdin may send are known, too. */
export function parseClientMessage(text: string, sidecar: boolean): Parsed {
  const json = parseJson(text);
  if (json === undefined) return refusal("bad_json", "The message is not JSON");
  const typed = v.safeParse(Typed, json);
  if (!typed.success) {
    return refusal("bad_message", 'The message must be an object with a text "type"');
  }
  const known = sidecar ? SIDECAR_TYPES : SOCKET_TYPES;
  if (!known.includes(typed.output.type)) {
    return refusal("unknown_type", `Unknown message type; known: ${known.join(", ")}`);
  }
  const parsed = v.safeParse(Message, json);
  if (!parsed.success) return refusal("bad_message", `Cannot read the message: ${misfit(parsed.issues)}`);
  const message = parsed.output;
  if ("topics" in message) {
    const wrong = message.topics.findIndex((topic) => !isTopic(topic));
    if (wrong >= 0) {
      return refusal(
        "unknown_topic",
        `Cannot follow topics[${wrong}]: it is none of *, chats, contacts, sync, chat:N, contact:N`,
      );
    }
  }
  return { ok: true, message };
}

/** The value, or undefined (which no JSON text gives). */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  topics: '"topics" is not a list of texts',
  after: '"after" is not a whole number from 0',
  feed: '"feed" is not a text',
};

function misfit(issues: readonly v.BaseIssue<unknown>[]): string {
  const key = issues[0]?.path?.[0]?.key;
  return (typeof key === "string" ? EXPECTED[key] : undefined) ?? "a field does not fit";
}

function refusal(code: ProtocolErrorCode, message: string): Parsed {
  return { ok: false, code, message };
}

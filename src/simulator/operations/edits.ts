/** Edited and unsent messages: the row stays, its body changes, `message_summary_info` tells what was. */
import { LiveSyncError } from "../../model/errors.ts";
import { integer, textOrNull } from "../../sqlite/row.ts";
import { appleDate, appleSeconds } from "../apple_date.ts";
import { encodeAttributedBody } from "../attributed_body.ts";
import { bodyOfParts, type MessagePart, partsOfBody } from "../body_parts.ts";
import { isAtLeast, releaseOf } from "../releases.ts";
import { type AppContext, commit, requireRelease, rowidOf } from "./context.ts";
import {
  decodeEditSummary,
  type EditSummary,
  encodeEditSummary,
  summaryOf,
  type Version,
} from "./edit_summary.ts";
import type { EditInput, UnsendInput } from "./inputs.ts";
import type { Written } from "./results.ts";

/**
 * Replaces the words of one part. Throws before macOS 13, and `no_such_part`. Where no part is left, `date_edited`
 * alone changes.
 */
export function editText(context: AppContext, input: EditInput): Written {
  requireRelease(context, "macos13", "edit a message");
  return commit(context, () => {
    const rowid = rowidOf(context, "message", input.guid);
    const dateMs = input.dateMs ?? context.clock.now();
    const current = currentMessage(context, rowid);
    const part = input.part === undefined ? wordsOf(current.parts) : partOf(current.parts, input.part);
    context.tables.update("message", rowid, {
      date_edited: appleDate(dateMs),
      ...(part === undefined ? {} : edited(current, part, input.text, dateMs)),
    });
    return { guid: input.guid, rowid };
  });
}

/**
 * Takes the message back, or one part of it: the other parts stay, and so do their versions. Throws before macOS 13,
 * and `no_such_part`.
 */
export function unsend(context: AppContext, input: UnsendInput): Written {
  requireRelease(context, "macos13", "unsend a message");
  return commit(context, () => {
    const rowid = rowidOf(context, "message", input.guid);
    const now = appleDate(input.dateMs ?? context.clock.now());
    const current = currentMessage(context, rowid);
    const { left, summary } = withoutParts(current, input);
    const style = input.style ?? (isAtLeast(releaseOf(context.db), "macos26") ? "plist" : "date");
    context.tables.update("message", rowid, {
      text: null,
      attributedBody: left.length === 0 ? null : bodyOfParts(left),
      date_edited: now,
      ...(left.length === 0 && style === "date" ? { date_retracted: now } : {}),
      message_summary_info: encodeEditSummary(summary),
    });
    return { guid: input.guid, rowid };
  });
}

interface CurrentMessage {
  readonly text: string | null;
  readonly body: Uint8Array | null;
  /** When it was sent: milliseconds since 1970 UTC. */
  readonly dateMs: number;
  /** Those that are left. */
  readonly parts: readonly MessagePart[];
  readonly summary: EditSummary;
}

function currentMessage(context: AppContext, rowid: number): CurrentMessage {
  const row = context.db.prepare(
    `SELECT text, attributedBody, message_summary_info AS summary,
            CASE WHEN date < 1000000000000 THEN date * 1000 ELSE date / 1000000 END + 978307200000 AS dateMs
       FROM message WHERE ROWID = :rowid`,
  ).get({ rowid }) ?? {};
  const text = textOrNull(row, "text");
  const body = row["attributedBody"] instanceof Uint8Array ? row["attributedBody"] : null;
  const parts = partsOfBody(body ?? encodeAttributedBody(text ?? ""));
  const known = row["summary"] instanceof Uint8Array ? decodeEditSummary(row["summary"]) : null;
  return { text, body, dateMs: integer(row, "dateMs"), parts, summary: known ?? summaryOf(parts) };
}

/** The part that an edit is about if none is named: the first with words. */
function wordsOf(parts: readonly MessagePart[]): MessagePart | undefined {
  return parts.find(({ attachmentGuids }) => attachmentGuids.length === 0) ?? parts[0];
}

function partOf(parts: readonly MessagePart[], number: number): MessagePart {
  const part = parts.find((each) => each.part === number);
  if (part !== undefined) return part;
  throw new LiveSyncError("no_such_part", `Cannot change a part of a message: it is not there: ${number}`);
}

/** The columns that change with the words of `part`. */
function edited(current: CurrentMessage, part: MessagePart, text: string, dateMs: number) {
  const isOnly = current.parts.length === 1;
  const changed = { part: part.part, text, attachmentGuids: [] };
  const parts = current.parts.map((each) => each === part ? changed : each);
  const before: readonly Version[] = current.summary.versions.get(part.part) ?? [{
    body: isOnly && current.body !== null ? current.body : bodyOfParts([part]),
    seconds: appleSeconds(current.dateMs),
  }];
  const now = { body: bodyOfParts([changed]), seconds: appleSeconds(dateMs) };
  const versions = new Map([...current.summary.versions, [part.part, [...before, now]]]);
  return {
    ...(current.body === null ? {} : { attributedBody: bodyOfParts(parts) }),
    ...(current.text === null ? {} : { text: parts.map((each) => each.text).join("") }),
    message_summary_info: encodeEditSummary({ ...current.summary, versions }),
  };
}

/** What is left, and what is told of it: the versions of what was taken back are gone. */
function withoutParts(current: CurrentMessage, input: UnsendInput) {
  const { parts, summary } = input.keepText === undefined
    ? current
    : keptBeside(input.part ?? 0, input.keepText);
  const named = input.keepText === undefined ? input.part : input.part ?? 0;
  const gone = named === undefined ? parts.map(({ part }) => part) : [partOf(parts, named).part];
  const unsent = new Set([...summary.unsent, ...gone]);
  // A message that never had a body: something of it was taken back all the same.
  if (unsent.size === 0) unsent.add(0);
  return {
    left: parts.filter(({ part }) => !unsent.has(part)),
    summary: {
      ...summary,
      versions: new Map([...summary.versions].filter(([part]) => !unsent.has(part))),
      unsent,
    },
  };
}

/** As if the message had been sent as `part` and, behind it, `keepText`. */
function keptBeside(part: number, keepText: string): Pick<CurrentMessage, "parts" | "summary"> {
  const parts = [
    { part, text: "", attachmentGuids: [] },
    { part: part + 1, text: keepText, attachmentGuids: [] },
  ];
  return { parts, summary: summaryOf(parts) };
}

/** Edited and unsent messages: the row stays, its body changes, `message_summary_info` tells what was. */
import { appleDate, appleSeconds } from "../apple_date.ts";
import { encodeAttributedBody } from "../attributed_body.ts";
import { encodeBinaryPlist, type PlistValue } from "../binary_plist.ts";
import { integer, textOrNull } from "../../platform/row.ts";
import type { Row } from "../../platform/sqlite.ts";
import { isAtLeast, releaseOf } from "../releases.ts";
import { type AppContext, commit, requireRelease, rowidOf, type Version } from "./context.ts";
import type { EditInput, UnsendInput } from "./inputs.ts";
import type { Written } from "./results.ts";

/**
 * Replaces the words. Throws before macOS 13. Versions from before this app object was made, but for the current one, are not
 * known to it.
 */
export function editText(context: AppContext, input: EditInput): Written {
  requireRelease(context, "macos13", "edit a message");
  return commit(context, () => {
    const rowid = rowidOf(context, "message", input.guid);
    const dateMs = input.dateMs ?? context.clock.now();
    const body = encodeAttributedBody(input.text);
    const current = currentRow(context, rowid);
    const versions = [
      ...context.versions.get(input.guid) ?? [originalVersion(current)],
      { body, dateMs },
    ];
    context.versions.set(input.guid, versions);
    context.tables.update("message", rowid, {
      ...(current["attributedBody"] === null ? {} : { attributedBody: body }),
      ...(current["text"] === null ? {} : { text: input.text }),
      date_edited: appleDate(dateMs),
      message_summary_info: encodeBinaryPlist(editSummary(String(input.part ?? 0), versions)),
    });
    return { guid: input.guid, rowid };
  });
}

/** Takes the message back, or one part of it (`keepText`). Throws before macOS 13. */
export function unsend(context: AppContext, input: UnsendInput): Written {
  requireRelease(context, "macos13", "unsend a message");
  return commit(context, () => {
    const rowid = rowidOf(context, "message", input.guid);
    const now = appleDate(input.dateMs ?? context.clock.now());
    const kept = input.keepText;
    const style = input.style ?? (isAtLeast(releaseOf(context.db), "macos26") ? "plist" : "date");
    context.tables.update("message", rowid, {
      text: null,
      attributedBody: kept === undefined ? null : encodeAttributedBody(kept),
      date_edited: now,
      ...(kept === undefined && style === "date" ? { date_retracted: now } : {}),
      message_summary_info: encodeBinaryPlist({ amc: 0n, rp: [BigInt(input.part ?? 0)], ust: true }),
    });
    return { guid: input.guid, rowid };
  });
}

function currentRow(context: AppContext, rowid: number): Row {
  const row = context.db.prepare(
    `SELECT text, attributedBody,
            CASE WHEN date < 1000000000000 THEN date * 1000 ELSE date / 1000000 END + 978307200000 AS dateMs
       FROM message WHERE ROWID = :rowid`,
  ).get({ rowid });
  return row ?? {};
}

function originalVersion(row: Row): Version {
  const body = row["attributedBody"];
  return {
    body: body instanceof Uint8Array ? body : encodeAttributedBody(textOrNull(row, "text") ?? ""),
    dateMs: integer(row, "dateMs"),
  };
}

/** `ec` lists the versions of each part, oldest first, up to the current one; `ep` names the edited parts. */
function editSummary(part: string, versions: readonly Version[]): PlistValue {
  return {
    amc: 1n,
    ec: { [part]: versions.map(({ body, dateMs }) => ({ t: body, d: appleSeconds(dateMs) })) },
    ep: [BigInt(part)],
    otr: { [part]: { lo: 0n, le: 1n } },
    ust: true,
  };
}

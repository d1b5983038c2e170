/** The columns of a `message` row as Messages fills them; pure. */
import type { SqlParams } from "../../sqlite/sqlite.ts";
import { appleDate, type DateUnit } from "../apple_date.ts";
import type { Me } from "./context.ts";

export interface MessageParts {
  readonly guid: string;
  readonly service: string;
  readonly dateMs: number;
  readonly dateUnit?: DateUnit;
  readonly isFromMe: boolean;
  /** 0: own sends in groups. */
  readonly handle: number;
  readonly text: string | null;
  readonly body: Uint8Array | null;
  readonly partCount: number;
}

/** An ordinary message; other kinds of rows override what differs. */
export function messageRow(parts: MessageParts, me: Me): SqlParams {
  const isMail = parts.service === "iMessage";
  return {
    guid: parts.guid,
    text: parts.text,
    attributedBody: parts.body,
    handle_id: parts.handle,
    version: 10,
    service: parts.service,
    account: isMail ? `E:${me.email}` : `P:${me.phone}`,
    account_guid: "5C1E5A3C-6B57-4A6E-9C1A-0B7D3F2A9E10",
    date: appleDate(parts.dateMs, parts.dateUnit),
    date_read: 0,
    date_delivered: 0,
    date_played: 0,
    date_retracted: 0,
    date_edited: 0,
    is_from_me: parts.isFromMe ? 1 : 0,
    is_finished: 1,
    is_sent: parts.isFromMe ? 1 : 0,
    is_delivered: parts.isFromMe ? 0 : 1,
    is_read: 0,
    is_empty: 0,
    was_data_detected: 1,
    part_count: parts.partCount,
    // On rows that came in, this is *my* address, not the sender's.
    destination_caller_id: me.phone,
  };
}

/** The rows of the bulk history, one by one: pure, from a random source. */
import type { SqlParams } from "../../sqlite/sqlite.ts";
import { appleDate, type DateUnit } from "../apple_date.ts";
import { encodeAttributedBody } from "../attributed_body.ts";
import type { SeededRandom } from "../random.ts";
import { randomText } from "../random_text.ts";

/** Shares are of all rows, 0 … 1. */
export interface HistoryOptions {
  readonly messages: number;
  /** What `messages` is the number of: all rows, or those alone that are no tapback and no happening. */
  readonly counted: "rows" | "messages";
  /** Of the rows with words: those in `attributedBody`; the others have `text` alone. */
  readonly attributedBodyShare: number;
  readonly tapbackShare: number;
  /** Of the tapbacks: those taken away again, which leaves a 300x row and a gap where the add row was. */
  readonly removedTapbackShare: number;
  readonly attachmentShare: number;
  readonly replyShare: number;
  readonly happeningShare: number;
  readonly fromMeShare: number;
  /** The oldest ones, with dates in seconds. */
  readonly secondsShare: number;
  readonly unjoinedShare: number;
  /** Rows that iCloud brought later: a new ROWID, an old date. */
  readonly backfillShare: number;
  /** Milliseconds since 1970 UTC. */
  readonly startMs: number;
  readonly endMs: number;
}

/** What a row needs to know of the chat that it is in. */
export interface HistoryChat {
  readonly rowid: number;
  readonly service: string;
  readonly roomName: string | null;
  /** ROWIDs of the members' handles. */
  readonly members: readonly number[];
}

export interface HistoryAttachment {
  readonly guid: string;
  readonly kind: typeof FILES[number];
  readonly bytes: number;
}

export interface HistoryRow {
  /** Bound to `insert_message.sql`. */
  readonly message: SqlParams;
  /** By column: what few rows have. */
  readonly rare: SqlParams;
  readonly rowid: number;
  readonly date: bigint;
  /** Undefined: never joined. */
  readonly chat: number | undefined;
  readonly attachment: HistoryAttachment | undefined;
  readonly kind: "message" | "tapback" | "removal" | "happening";
}

const FILES = [
  { name: "IMG_0001.HEIC", mimeType: "image/heic", uti: "public.heic" },
  { name: "photo.jpeg", mimeType: "image/jpeg", uti: "public.jpeg" },
  { name: "clip.mov", mimeType: "video/quicktime", uti: "com.apple.quicktime-movie" },
  { name: "letter.pdf", mimeType: "application/pdf", uti: "com.adobe.pdf" },
] as const;

const TAPBACK_TYPES = [2000, 2000, 2000, 2001, 2001, 2002, 2003, 2003, 2004, 2005, 2006] as const;
const TAPBACK_EMOJI = ["🎉", "🙏", "😍", "🔥", "👏🏼"] as const;
const HAPPENINGS = [[1, 0], [1, 1], [2, 0], [3, 0], [3, 1]] as const;
const PLACEHOLDER = "\uFFFC";

/** As many rows as were asked for, in ROWID order, from `firstRowid` on. A few chats are busy, most are not. */
export function* inventHistory(
  random: SeededRandom,
  chats: readonly HistoryChat[],
  firstRowid: number,
  options: HistoryOptions,
): Generator<HistoryRow> {
  const latest = new Map<number, string>();
  let rowid = firstRowid;
  for (let i = 0; i < options.messages;) {
    const chat = busyChat(random, chats);
    const isBackfill = random.chance(options.backfillShare);
    const age = i < options.messages * options.secondsShare;
    const row = nextRow(random, chat, latest.get(chat.rowid), {
      rowid,
      dateMs: dateOf(random, isBackfill ? random.fraction() * i : i, options),
      unit: age ? "s" : "ns",
      options,
    });
    if (row.kind === "message") latest.set(chat.rowid, String(row.message["guid"]));
    yield row;
    rowid += row.kind === "removal" ? 2 : 1;
    if (options.counted === "rows" || row.kind === "message") i++;
  }
}

interface Circumstances {
  readonly rowid: number;
  readonly dateMs: number;
  readonly unit: DateUnit;
  readonly options: HistoryOptions;
}

function nextRow(
  random: SeededRandom,
  chat: HistoryChat,
  previousGuid: string | undefined,
  { rowid, dateMs, unit, options }: Circumstances,
): HistoryRow {
  const kind = kindOf(random, chat, previousGuid, options);
  const isFromMe = random.chance(options.fromMeShare);
  const guid = random.uuid();
  const date = appleDate(dateMs, unit);
  const attachment = kind === "message" && random.chance(options.attachmentShare) ? file(random) : undefined;
  const words = wordsOf(random, kind, attachment);
  const inBody = words !== "" && unit === "ns" && random.chance(options.attributedBodyShare);
  const isRead = isFromMe ? chat.roomName === null && random.chance(0.6) : !random.chance(0.01);
  return {
    rowid,
    date,
    kind,
    attachment,
    chat: random.chance(options.unjoinedShare) ? undefined : chat.rowid,
    message: {
      rowid,
      guid,
      text: words !== "" && (!inBody || random.chance(0.1)) ? words : null,
      body: inBody ? encodeAttributedBody(words, attachment && { attachmentGuids: [attachment.guid] }) : null,
      handle: isFromMe && chat.roomName !== null ? 0 : random.pick(chat.members),
      service: chat.service,
      date,
      dateRead: isRead ? appleDate(dateMs + random.integer(2_000, 3_600_000), unit) : 0,
      dateDelivered: isFromMe ? appleDate(dateMs + random.integer(300, 4_000), unit) : 0,
      isFromMe: isFromMe ? 1 : 0,
      roomName: chat.roomName,
    },
    rare: {
      ...(attachment ? { cache_has_attachments: 1 } : {}),
      ...rareColumns(random, kind, chat, previousGuid ?? ""),
      ...(kind === "message" && previousGuid !== undefined && random.chance(options.replyShare)
        ? { thread_originator_guid: previousGuid, thread_originator_part: "0:0:1" }
        : {}),
    },
  };
}

function rareColumns(
  random: SeededRandom,
  kind: HistoryRow["kind"],
  chat: HistoryChat,
  previousGuid: string,
): SqlParams {
  switch (kind) {
    case "message":
      return {};
    case "tapback":
    case "removal": {
      const type = random.pick(TAPBACK_TYPES);
      return {
        associated_message_guid: `p:0/${previousGuid}`,
        associated_message_type: type + (kind === "removal" ? 1_000 : 0),
        associated_message_range_length: 1,
        associated_message_emoji: type === 2006 ? random.pick(TAPBACK_EMOJI) : null,
      };
    }
    case "happening": {
      const [itemType, actionType] = random.pick(HAPPENINGS);
      return {
        item_type: itemType,
        group_action_type: actionType,
        other_handle: itemType === 1 ? random.pick(chat.members) : 0,
        group_title: itemType === 2 ? `Group ${random.integer(1, 99)}` : null,
      };
    }
  }
}

function kindOf(
  random: SeededRandom,
  chat: HistoryChat,
  previousGuid: string | undefined,
  options: HistoryOptions,
): HistoryRow["kind"] {
  if (previousGuid !== undefined && random.chance(options.tapbackShare)) {
    return random.chance(options.removedTapbackShare) ? "removal" : "tapback";
  }
  return chat.roomName !== null && random.chance(options.happeningShare) ? "happening" : "message";
}

function wordsOf(
  random: SeededRandom,
  kind: HistoryRow["kind"],
  attachment: HistoryAttachment | undefined,
): string {
  if (kind === "happening") return "";
  if (kind !== "message") return kind === "removal" ? "Removed a heart from “…”" : "Loved “…”";
  if (!attachment) return randomText(random);
  return random.chance(0.7) ? PLACEHOLDER : PLACEHOLDER + randomText(random);
}

function file(random: SeededRandom): HistoryAttachment {
  return { guid: random.uuid(), kind: random.pick(FILES), bytes: random.integer(20_000, 4_000_000) };
}

/** The square makes the first chats busy: one of 200 has a fourteenth of all rows. */
function busyChat(random: SeededRandom, chats: readonly HistoryChat[]): HistoryChat {
  const chat = chats[Math.floor(chats.length * random.fraction() ** 2)];
  if (!chat) throw new RangeError("Cannot invent a history without chats");
  return chat;
}

/** Evenly over the years, a little out of step. */
function dateOf(random: SeededRandom, position: number, options: HistoryOptions): number {
  const step = (options.endMs - options.startMs) / options.messages;
  return Math.floor(options.startMs + step * (position + random.fraction()));
}

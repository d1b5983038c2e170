/**
 * What each operation of the simulated Messages app takes: one schema gives the type and checks a command that
 * another process sent.
 *
 * Throughout: `dateMs` is milliseconds since 1970 UTC (default: the app's clock), `chat` a chat's GUID, `from` the
 * address of who did it (default: me), `guid` a GUID to use instead of a random one.
 */
import * as v from "valibot";
import { RELEASES } from "../releases.ts";

const dateMs = v.optional(v.number());
const guid = v.string();
const from = v.optional(v.string());

/** A value of a column; in a command, bytes and big integers are written as in `wire.ts`. */
export const ColumnValue = v.union([v.null(), v.number(), v.bigint(), v.string(), v.instance(Uint8Array)]);
export const ColumnValues = v.record(v.string(), ColumnValue);

export const NewHandle = v.strictObject({
  /** A phone number in E.164, an e-mail address, or a short code. */
  address: v.string(),
  /** Default `iMessage`. */
  service: v.optional(v.string()),
  /** Two letters, lower case, as Messages writes them. Default `us`. */
  country: v.optional(v.string()),
});
export type NewHandle = v.InferOutput<typeof NewHandle>;

export const NewChat = v.strictObject({
  /** The other person; the chats of one address on several services share `chat_identifier`. */
  address: v.string(),
  service: v.optional(v.string()),
  country: v.optional(v.string()),
  /** Default `SERVICE;-;ADDRESS`; on macOS 26 `any;-;ADDRESS`, one chat for all services. */
  guid: v.optional(guid),
  /** Leaves the chat_handle_join row to a later `joinChatHandles`. */
  joinLater: v.optional(v.boolean()),
});
export type NewChat = v.InferOutput<typeof NewChat>;

export const NewGroup = v.strictObject({
  members: v.pipe(v.array(v.string()), v.readonly()),
  /** The name that a person gave the group; default none. */
  name: v.optional(v.string()),
  service: v.optional(v.string()),
  country: v.optional(v.string()),
  /** `chat_identifier` and `room_name`; default `chat` and random digits. */
  identifier: v.optional(v.string()),
  guid: v.optional(guid),
  joinLater: v.optional(v.boolean()),
});
export type NewGroup = v.InferOutput<typeof NewGroup>;

export const ChatRef = v.strictObject({ chat: v.string() });
export type ChatRef = v.InferOutput<typeof ChatRef>;

export const ChatChange = v.strictObject({
  chat: v.string(),
  /** Empty takes it away. */
  name: v.optional(v.string()),
  archived: v.optional(v.boolean()),
});
export type ChatChange = v.InferOutput<typeof ChatChange>;

const addresses = v.optional(v.pipe(v.array(v.string()), v.readonly()));
export const MemberChange = v.strictObject({ chat: v.string(), add: addresses, remove: addresses });
export type MemberChange = v.InferOutput<typeof MemberChange>;

export const HandleChange = v.strictObject({
  address: v.string(),
  /** Default `iMessage`. */
  service: v.optional(v.string()),
  newAddress: v.string(),
});
export type HandleChange = v.InferOutput<typeof HandleChange>;

/** The last number of `transfer_state`'s groups: 0 waiting, 3 moving, 5 done, 6 failed. */
const transferState = v.optional(v.number());

const attachmentEntries = {
  /** What the sender called the file; `transfer_name`. */
  name: v.string(),
  mimeType: v.optional(v.string()),
  uti: v.optional(v.string()),
  /** `total_bytes`; default unknown, which the column's own default says. */
  bytes: v.optional(v.number()),
  /** Where the file is, with `~`; default unset, as it is until the transfer is done. */
  filename: v.optional(v.string()),
  transferState,
  isSticker: v.optional(v.boolean()),
  guid: v.optional(guid),
  /** Leaves the message_attachment_join row to a later `joinAttachment`. */
  joinLater: v.optional(v.boolean()),
  /** Leaves the attachment row, too, to a later `attach` with the same GUID: it stands in the body alone. */
  rowLater: v.optional(v.boolean()),
};
export const NewAttachment = v.strictObject(attachmentEntries);
export type NewAttachment = v.InferOutput<typeof NewAttachment>;

/** An attachment of a message that is there already. */
export const Attach = v.strictObject({ message: guid, dateMs, ...attachmentEntries });
export type Attach = v.InferOutput<typeof Attach>;

export const AttachmentRef = v.strictObject({ guid });
export type AttachmentRef = v.InferOutput<typeof AttachmentRef>;

export const AttachmentUpdate = v.strictObject({
  guid,
  transferState,
  filename: v.optional(v.string()),
  bytes: v.optional(v.number()),
});
export type AttachmentUpdate = v.InferOutput<typeof AttachmentUpdate>;

export const NewMessage = v.strictObject({
  chat: v.string(),
  from,
  /** Default none. Attachments are put before it, one U+FFFC each, unless it holds its own placeholders. */
  text: v.optional(v.string()),
  /** Where the words are: `body` (attributedBody alone, as most rows since macOS 13), `text`, or `both`. */
  storage: v.optional(v.picklist(["body", "text", "both"])),
  dateMs,
  /** `s`: a row from before macOS 10.13. */
  dateUnit: v.optional(v.picklist(["ns", "s"])),
  /** An inline reply to this message. */
  replyTo: v.optional(guid),
  /** `part:start:length` of what is replied to; default `0:0:1`. */
  replyToPart: v.optional(v.string()),
  /** Default the chat's. */
  service: v.optional(v.string()),
  subject: v.optional(v.string()),
  guid: v.optional(guid),
  attachments: v.optional(v.pipe(v.array(NewAttachment), v.readonly())),
  /** Commits the message row now and leaves its chat_message_join row to `join`. */
  joinLater: v.optional(v.boolean()),
  /** Columns of `message` that the rest does not speak of. */
  columns: v.optional(ColumnValues),
});
export type NewMessage = v.InferOutput<typeof NewMessage>;

export const Join = v.strictObject({
  guid,
  /** Default: the chat that the message was written for with `joinLater`. */
  chat: v.optional(v.string()),
});
export type Join = v.InferOutput<typeof Join>;

export const TAPBACK_KINDS = [
  "love",
  "like",
  "dislike",
  "laugh",
  "emphasize",
  "question",
  "emoji",
  "sticker",
  "oldSticker",
] as const;
export type TapbackKind = typeof TAPBACK_KINDS[number];

export const TapbackInput = v.strictObject({
  /** GUID of the message it is about; it need not be there yet if `chat` is given. */
  target: guid,
  chat: v.optional(v.string()),
  kind: v.picklist(TAPBACK_KINDS),
  /** With kind `emoji`. */
  emoji: v.optional(v.string()),
  from,
  /** Part of the message; default 0. */
  part: v.optional(v.number()),
  /** How the target is written: `p:N/GUID` (default), `bp:GUID`, or the GUID alone. */
  targetForm: v.optional(v.picklist(["part", "balloon", "bare"])),
  dateMs,
  guid: v.optional(guid),
  joinLater: v.optional(v.boolean()),
});
export type TapbackInput = v.InferOutput<typeof TapbackInput>;

export const HAPPENING_KINDS = [
  "memberAdded",
  "memberRemoved",
  "renamed",
  "left",
  "photoChanged",
  "photoRemoved",
] as const;
export type HappeningKind = typeof HAPPENING_KINDS[number];

export const NewHappening = v.strictObject({
  chat: v.string(),
  kind: v.picklist(HAPPENING_KINDS),
  from,
  /** Address of who was added or removed. */
  member: v.optional(v.string()),
  /** The new name, with `renamed`; default none, which takes the name away. */
  title: v.optional(v.string()),
  dateMs,
  guid: v.optional(guid),
});
export type NewHappening = v.InferOutput<typeof NewHappening>;

export const MessageMoment = v.strictObject({ guid, dateMs });
export type MessageMoment = v.InferOutput<typeof MessageMoment>;

export const EditInput = v.strictObject({
  guid,
  text: v.string(),
  /** Default: the first part that is no attachment. */
  part: v.optional(v.number()),
  dateMs,
});
export type EditInput = v.InferOutput<typeof EditInput>;

export const UnsendInput = v.strictObject({
  guid,
  /** Only this one goes, the others stay. Default: the whole message. */
  part: v.optional(v.number()),
  /** A partial unsend of a message that was sent as one part: what another part, had it been one, still says. */
  keepText: v.optional(v.string()),
  /** `plist`: `date_retracted` stays 0 and `rp` alone tells, the default on macOS 26; `date`: that before. */
  style: v.optional(v.picklist(["date", "plist"])),
  dateMs,
});
export type UnsendInput = v.InferOutput<typeof UnsendInput>;

export const ColumnChange = v.strictObject({ guid, columns: ColumnValues });
export type ColumnChange = v.InferOutput<typeof ColumnChange>;

export const Upgrade = v.strictObject({
  /** A later one than the file's. */
  release: v.picklist(RELEASES),
});
export type Upgrade = v.InferOutput<typeof Upgrade>;

export const CHECKPOINT_MODES = ["PASSIVE", "FULL", "RESTART", "TRUNCATE"] as const;
export const CheckpointInput = v.strictObject({ mode: v.picklist(CHECKPOINT_MODES) });
export type CheckpointInput = v.InferOutput<typeof CheckpointInput>;
export type CheckpointMode = typeof CHECKPOINT_MODES[number];

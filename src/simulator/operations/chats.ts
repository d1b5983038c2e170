/** Handles and chats. */
import { integer, text } from "../../sqlite/row.ts";
import { appleDate } from "../apple_date.ts";
import { type AppContext, chatByGuid, commit, handleRowid } from "./context.ts";
import { isAtLeast, releaseOf } from "../releases.ts";
import type {
  ChatChange,
  ChatRef,
  HandleChange,
  MemberChange,
  NewChat,
  NewGroup,
  NewHandle,
} from "./inputs.ts";
import type { Rowid, Written } from "./results.ts";

const GROUP = 43;
const ONE_TO_ONE = 45;

export function addHandle(context: AppContext, input: NewHandle): Rowid {
  return commit(context, () => ({
    rowid: handleRowid(context, input.address, input.service ?? "iMessage", input.country),
  }));
}

export function createChat(context: AppContext, input: NewChat): Written {
  const service = input.service ?? "iMessage";
  const known = input.guid === undefined ? chatOfAnyService(context, input, service) : undefined;
  if (known !== undefined) return known;
  return makeChat(context, {
    guid: input.guid ?? `${guidService(context, service)};-;${input.address}`,
    style: ONE_TO_ONE,
    identifier: input.address,
    service,
    roomName: null,
    name: "",
    members: [input.address],
    country: input.country,
    joinLater: input.joinLater ?? false,
  });
}

export function createGroup(context: AppContext, input: NewGroup): Written {
  const service = input.service ?? "iMessage";
  const identifier = input.identifier ??
    `chat${context.random.integer(100_000_000, 999_999_999)}${
      context.random.integer(10_000_000, 99_999_999)
    }`;
  return makeChat(context, {
    guid: input.guid ?? `${guidService(context, service)};+;${identifier}`,
    style: GROUP,
    identifier,
    service,
    roomName: identifier,
    name: input.name ?? "",
    members: input.members,
    country: input.country,
    joinLater: input.joinLater ?? false,
  });
}

/** First part of a new chat's GUID. */
function guidService(context: AppContext, service: string): string {
  return isAtLeast(releaseOf(context.db), "macos26") ? "any" : service;
}

/**
 * On macOS 26 the one chat that the address has already; the handle of this service joins it. That no second chat is made
 * follows from its GUID, which names no service; what else Messages writes then, we know no source for.
 */
function chatOfAnyService(context: AppContext, input: NewChat, service: string): Written | undefined {
  if (!isAtLeast(releaseOf(context.db), "macos26")) return undefined;
  return commit(context, () => {
    const row = context.db.prepare(
      "SELECT min(ROWID) AS rowid, guid FROM chat WHERE chat_identifier = :address AND style = :style",
    ).get({ address: input.address, style: ONE_TO_ONE });
    if (row === undefined || row["rowid"] === null) return undefined;
    const rowid = integer(row, "rowid");
    joinHandles(context, rowid, [handleRowid(context, input.address, service, input.country)]);
    return { guid: text(row, "guid"), rowid };
  });
}

/** Writes the chat_handle_join rows that `joinLater` left out. */
export function joinChatHandles(context: AppContext, input: ChatRef): Written {
  return commit(context, () => {
    const chat = chatByGuid(context, input.chat);
    const members = context.waitingMembers.get(chat.guid) ?? [];
    joinHandles(context, chat.rowid, members);
    context.waitingMembers.delete(chat.guid);
    return { guid: chat.guid, rowid: chat.rowid };
  });
}

export function changeChat(context: AppContext, input: ChatChange): Written {
  return commit(context, () => {
    const { guid, rowid } = chatByGuid(context, input.chat);
    context.tables.update("chat", rowid, {
      ...(input.name === undefined ? {} : { display_name: input.name }),
      ...(input.archived === undefined ? {} : { is_archived: input.archived ? 1 : 0 }),
    });
    return { guid, rowid };
  });
}

export function changeMembers(context: AppContext, input: MemberChange): Written {
  return commit(context, () => {
    const { guid, rowid, service } = chatByGuid(context, input.chat);
    const handlesOf = (addresses: readonly string[] = []) =>
      addresses.map((address) => handleRowid(context, address, service));
    joinHandles(context, rowid, handlesOf(input.add));
    const leave = context.db.prepare(
      "DELETE FROM chat_handle_join WHERE chat_id = :rowid AND handle_id = :handle",
    );
    for (const handle of handlesOf(input.remove)) leave.run({ rowid, handle });
    return { guid, rowid };
  });
}

export function changeHandle(context: AppContext, input: HandleChange): Rowid {
  return commit(context, () => {
    const rowid = handleRowid(context, input.address, input.service ?? "iMessage");
    context.tables.update("handle", rowid, { id: input.newAddress });
    return { rowid };
  });
}

/** Deletes a chat for good, with its messages (its triggers see to those). */
export function deleteChat(context: AppContext, input: ChatRef): Written {
  return commit(context, () => {
    const chat = chatByGuid(context, input.chat);
    const rowid = chat.rowid;
    context.db.prepare("DELETE FROM chat_message_join WHERE chat_id = :rowid").run({ rowid });
    context.db.prepare("DELETE FROM chat WHERE ROWID = :rowid").run({ rowid });
    context.tables.insert("sync_deleted_chats", {
      guid: chat.guid,
      recordID: null,
      timestamp: appleDate(context.clock.now()),
    });
    return { guid: chat.guid, rowid };
  });
}

interface ChatParts {
  readonly guid: string;
  readonly style: number;
  readonly identifier: string;
  readonly service: string;
  readonly roomName: string | null;
  readonly name: string;
  readonly members: readonly string[];
  readonly country: string | undefined;
  readonly joinLater: boolean;
}

function makeChat(context: AppContext, parts: ChatParts): Written {
  return commit(context, () => {
    const handles = parts.members.map((member) => handleRowid(context, member, parts.service, parts.country));
    const { phone, email } = context.me;
    const rowid = context.tables.insert("chat", {
      guid: parts.guid,
      style: parts.style,
      state: 3,
      account_id: "5C1E5A3C-6B57-4A6E-9C1A-0B7D3F2A9E10",
      account_login: parts.service === "iMessage" ? `E:${email}` : `P:${phone}`,
      chat_identifier: parts.identifier,
      service_name: parts.service,
      room_name: parts.roomName,
      display_name: parts.name,
      group_id: context.random.uuid(),
      last_addressed_handle: phone,
      is_archived: 0,
      is_filtered: 0,
      successful_query: 1,
    });
    if (parts.joinLater) context.waitingMembers.set(parts.guid, handles);
    else joinHandles(context, rowid, handles);
    return { guid: parts.guid, rowid };
  });
}

function joinHandles(context: AppContext, chat: number, handles: readonly number[]): void {
  const insert = context.db.prepare(
    "INSERT OR IGNORE INTO chat_handle_join (chat_id, handle_id) VALUES (:chat, :handle)",
  );
  for (const handle of handles) insert.run({ chat, handle });
}

/** Section 4 of the contract as it stands there, and what it says in a form to compare with. */

const SECTION_4 = `
contacts            id, name, name_source, nickname, organization, is_me, data_source, merged_into, last_updated
contact_identifiers id, contact_id → contacts, identifier, type ('phone'|'email'|'other'), raw, is_primary, is_shared, last_used, UNIQUE(type, identifier)
chats               id, chat_identifier UNIQUE, chat_name, is_group, service_name, created_date, last_message_date, total_messages, deleted_at
chat_participants   chat_id, contact_id, PRIMARY KEY(chat_id, contact_id)
conversations       id, chat_id, initiator_id → contacts, start_time, end_time, message_count
messages            id, guid UNIQUE, source_rowid, chat_id, sender_id → contacts, sender_identifier_id, conversation_id, content, timestamp, is_from_me, message_type, service_name, reply_to_guid, date_read, date_delivered, date_edited, date_retracted, deleted_at
message_edits       message_id, part, version, content, edited_at
reactions           id, guid UNIQUE, original_message_guid, original_part, chat_id, sender_id, sender_identifier_id, reaction_type, emoji, timestamp, removed_at
attachments         id, guid UNIQUE, message_id, file_name, path, mime_type, uti, size, created_date, is_sticker, transfer_state
chat_events         id, guid UNIQUE, chat_id, actor_id, member_id, kind ('member_added'|'member_removed'|'left'|'renamed'|'photo_changed'|…), title, timestamp
contact_merges      id, from_id, into_id, reason, evidence (JSON), created_at, undone_at
sync_events         seq, at, event, topics (JSON), data (JSON)
live_sync_state     key, value
pending_rows        kind, source_rowid, first_seen, reason
`;

export interface ContractTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Sets of columns that are unique together, the primary key among them; each joined with commas. */
  readonly unique: readonly string[];
  /** Column to the table that it refers to. */
  readonly references: ReadonlyMap<string, string>;
}

export const CONTRACT_TABLES: readonly ContractTable[] = SECTION_4.trim().split("\n").map(parse);

function parse(line: string): ContractTable {
  const [name = "", rest = ""] = line.split(/\s+(.*)/);
  // A comma inside parentheses belongs to its item.
  const items = rest.split(/,\s*(?![^(]*\))/);
  const columns: string[] = [];
  const unique: string[] = [];
  const references = new Map<string, string>();
  for (const item of items) {
    const together = /^(?:UNIQUE|PRIMARY KEY)\((.*)\)$/.exec(item)?.[1];
    if (together !== undefined) {
      unique.push(together.replaceAll(" ", ""));
      continue;
    }
    const [column = "", arrow = "", target = ""] = item.split(" ");
    columns.push(column);
    if (arrow === "UNIQUE") unique.push(column);
    if (arrow === "→") references.set(column, target);
  }
  return { name, columns, unique, references };
}

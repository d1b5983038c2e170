-- The ChatStats database, first form. Times are INTEGER milliseconds since 1970 UTC unless a name says otherwise.
-- Names and columns are the contract's; what stands here beyond it is ours and commented.

CREATE TABLE contacts (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_source TEXT NOT NULL,  -- 'me', 'identifier' (the number or address stands in for a name), later 'addressbook', 'user'
  nickname TEXT,
  organization TEXT,
  is_me INTEGER NOT NULL DEFAULT 0,
  data_source TEXT NOT NULL,  -- where we know the contact from: 'messages', later 'addressbook'
  merged_into INTEGER REFERENCES contacts (id),
  last_updated INTEGER NOT NULL
);
CREATE UNIQUE INDEX contacts_me ON contacts (is_me) WHERE is_me = 1;
CREATE INDEX contacts_merged_into ON contacts (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE contact_identifiers (
  id INTEGER PRIMARY KEY,
  contact_id INTEGER NOT NULL REFERENCES contacts (id),
  identifier TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('phone', 'email', 'other')),
  raw TEXT NOT NULL,
  is_primary INTEGER NOT NULL DEFAULT 0,
  is_shared INTEGER NOT NULL DEFAULT 0,
  last_used INTEGER,  -- timestamp of the newest message from it
  UNIQUE (type, identifier)
);
CREATE INDEX contact_identifiers_contact ON contact_identifiers (contact_id);

CREATE TABLE chats (
  id INTEGER PRIMARY KEY,
  chat_identifier TEXT NOT NULL UNIQUE,
  chat_name TEXT,
  is_group INTEGER NOT NULL,
  service_name TEXT,
  created_date INTEGER,  -- the oldest message we know; Messages itself keeps no such date
  last_message_date INTEGER,
  total_messages INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  peer_identifier_id INTEGER REFERENCES contact_identifiers (id)  -- 1:1 chats: whose name the chat has
);
CREATE INDEX chats_last_message_date ON chats (last_message_date);
CREATE INDEX chats_peer ON chats (peer_identifier_id) WHERE peer_identifier_id IS NOT NULL;

CREATE TABLE chat_participants (
  chat_id INTEGER NOT NULL REFERENCES chats (id),
  contact_id INTEGER NOT NULL REFERENCES contacts (id),
  PRIMARY KEY (chat_id, contact_id)
) WITHOUT ROWID;
CREATE INDEX chat_participants_contact ON chat_participants (contact_id);

CREATE TABLE conversations (
  id INTEGER PRIMARY KEY,
  chat_id INTEGER NOT NULL REFERENCES chats (id),
  initiator_id INTEGER REFERENCES contacts (id),
  start_time INTEGER NOT NULL,
  end_time INTEGER NOT NULL,
  message_count INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX conversations_chat ON conversations (chat_id, start_time);

-- The indexes of `messages` stand apart from the table (guid's too) so that the first import can build them at its end.
CREATE TABLE messages (
  id INTEGER PRIMARY KEY,
  guid TEXT NOT NULL,
  source_rowid INTEGER,
  chat_id INTEGER NOT NULL REFERENCES chats (id),
  sender_id INTEGER REFERENCES contacts (id),  -- NULL only where the source names nobody (a group message without handle)
  sender_identifier_id INTEGER REFERENCES contact_identifiers (id),
  conversation_id INTEGER REFERENCES conversations (id),
  content TEXT,
  timestamp INTEGER,
  is_from_me INTEGER NOT NULL,
  message_type TEXT NOT NULL,  -- 'text', 'attachment', 'audio', 'link', 'app', 'poll_vote'
  service_name TEXT,
  reply_to_guid TEXT,
  date_read INTEGER,
  date_delivered INTEGER,
  date_edited INTEGER,
  date_retracted INTEGER,
  deleted_at INTEGER,
  undecodable INTEGER NOT NULL DEFAULT 0  -- 1: there is a body, but its text could not be read
);
CREATE UNIQUE INDEX messages_guid ON messages (guid);
CREATE INDEX messages_chat ON messages (chat_id, timestamp);
CREATE INDEX messages_sender ON messages (sender_id, timestamp);
CREATE INDEX messages_source_rowid ON messages (source_rowid);
CREATE INDEX messages_deleted ON messages (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX messages_undecodable ON messages (undecodable) WHERE undecodable = 1;

CREATE TABLE message_edits (
  message_id INTEGER NOT NULL REFERENCES messages (id),
  part INTEGER NOT NULL,
  version INTEGER NOT NULL,
  content TEXT,
  edited_at INTEGER,
  PRIMARY KEY (message_id, part, version)
) WITHOUT ROWID;

CREATE TABLE reactions (
  id INTEGER PRIMARY KEY,
  guid TEXT NOT NULL UNIQUE,
  source_rowid INTEGER,
  original_message_guid TEXT NOT NULL,
  original_part INTEGER NOT NULL,
  chat_id INTEGER REFERENCES chats (id),
  sender_id INTEGER REFERENCES contacts (id),
  sender_identifier_id INTEGER REFERENCES contact_identifiers (id),
  reaction_type TEXT NOT NULL
    CHECK (reaction_type IN ('love', 'like', 'dislike', 'laugh', 'emphasize', 'question', 'emoji', 'sticker')),
  emoji TEXT,
  timestamp INTEGER,
  removed_at INTEGER
);
CREATE INDEX reactions_target ON reactions (original_message_guid, original_part);
CREATE INDEX reactions_source_rowid ON reactions (source_rowid);
CREATE INDEX reactions_sender ON reactions (sender_id);

-- What takes a tapback back (types 3000–3007). Kept because it may come before the tapback that it takes back.
CREATE TABLE reaction_removals (
  guid TEXT PRIMARY KEY,
  source_rowid INTEGER,
  original_message_guid TEXT NOT NULL,
  original_part INTEGER NOT NULL,
  sender_id INTEGER REFERENCES contacts (id),
  sender_identifier_id INTEGER REFERENCES contact_identifiers (id),
  reaction_type TEXT NOT NULL,
  timestamp INTEGER
) WITHOUT ROWID;
CREATE INDEX reaction_removals_target ON reaction_removals (original_message_guid, original_part);
CREATE INDEX reaction_removals_sender ON reaction_removals (sender_id);

CREATE TABLE attachments (
  id INTEGER PRIMARY KEY,
  guid TEXT NOT NULL UNIQUE,
  source_rowid INTEGER,
  message_id INTEGER REFERENCES messages (id),
  file_name TEXT,
  path TEXT,
  mime_type TEXT,
  uti TEXT,
  size INTEGER,  -- bytes
  created_date INTEGER,
  is_sticker INTEGER NOT NULL DEFAULT 0,
  transfer_state INTEGER
);
CREATE INDEX attachments_message ON attachments (message_id);
CREATE INDEX attachments_source_rowid ON attachments (source_rowid);

CREATE TABLE chat_events (
  id INTEGER PRIMARY KEY,
  guid TEXT NOT NULL UNIQUE,
  source_rowid INTEGER,
  chat_id INTEGER NOT NULL REFERENCES chats (id),
  actor_id INTEGER REFERENCES contacts (id),
  member_id INTEGER REFERENCES contacts (id),
  kind TEXT NOT NULL,
  title TEXT,
  timestamp INTEGER
);
CREATE INDEX chat_events_chat ON chat_events (chat_id, timestamp);
CREATE INDEX chat_events_source_rowid ON chat_events (source_rowid);

CREATE TABLE contact_merges (
  id INTEGER PRIMARY KEY,
  from_id INTEGER NOT NULL REFERENCES contacts (id),
  into_id INTEGER NOT NULL REFERENCES contacts (id),
  reason TEXT NOT NULL,
  evidence TEXT NOT NULL,  -- JSON
  created_at INTEGER NOT NULL,
  undone_at INTEGER
);

-- The feed. AUTOINCREMENT: a number is never given twice, also after old events were pruned.
CREATE TABLE sync_events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  topics TEXT NOT NULL,  -- JSON
  data TEXT NOT NULL  -- JSON
);
CREATE INDEX sync_events_at ON sync_events (at);

CREATE TABLE live_sync_state (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE pending_rows (
  kind TEXT NOT NULL,  -- 'message' (no chat yet), 'reaction' (its message is not here yet), 'attachment' (no message yet)
  source_rowid INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  reason TEXT NOT NULL,
  waits_for TEXT,  -- kind 'reaction': guid of the message
  PRIMARY KEY (kind, source_rowid)
) WITHOUT ROWID;
CREATE INDEX pending_rows_waits_for ON pending_rows (waits_for) WHERE waits_for IS NOT NULL;

-- Which of Messages' rows became which of ours. Rebuilt when the source was replaced.
CREATE TABLE source_handles (
  source_rowid INTEGER PRIMARY KEY,
  identifier_id INTEGER NOT NULL REFERENCES contact_identifiers (id)
);
CREATE INDEX source_handles_identifier ON source_handles (identifier_id);
CREATE TABLE source_chats (
  source_rowid INTEGER PRIMARY KEY,
  guid TEXT NOT NULL,
  chat_id INTEGER NOT NULL REFERENCES chats (id)
);
CREATE INDEX source_chats_chat ON source_chats (chat_id);

-- Counters of a chat follow its messages on every path: import, live, merge, a developer's own UPDATE.
CREATE TRIGGER messages_insert_counts AFTER INSERT ON messages
BEGIN
  UPDATE chats
     SET total_messages = total_messages + (NEW.deleted_at IS NULL),
         created_date = CASE WHEN created_date <= NEW.timestamp THEN created_date ELSE coalesce(NEW.timestamp, created_date) END,
         last_message_date = CASE
           WHEN NEW.deleted_at IS NOT NULL OR last_message_date >= NEW.timestamp THEN last_message_date
           ELSE coalesce(NEW.timestamp, last_message_date)
         END
   WHERE id = NEW.chat_id;
  UPDATE contact_identifiers
     SET last_used = NEW.timestamp
   WHERE id = NEW.sender_identifier_id AND (last_used IS NULL OR last_used < NEW.timestamp);
END;
CREATE TRIGGER messages_delete_counts AFTER DELETE ON messages
BEGIN
  UPDATE chats
     SET total_messages = total_messages - (OLD.deleted_at IS NULL),
         created_date = (SELECT min(m.timestamp) FROM messages m WHERE m.chat_id = OLD.chat_id),
         last_message_date = (SELECT m.timestamp FROM messages m
                               WHERE m.chat_id = OLD.chat_id AND m.deleted_at IS NULL
                               ORDER BY m.timestamp DESC LIMIT 1)
   WHERE id = OLD.chat_id;
END;
CREATE TRIGGER messages_update_counts AFTER UPDATE OF chat_id, timestamp, deleted_at ON messages
  WHEN (OLD.chat_id, OLD.timestamp, OLD.deleted_at IS NULL) IS NOT (NEW.chat_id, NEW.timestamp, NEW.deleted_at IS NULL)
BEGIN
  UPDATE chats SET total_messages = total_messages - (OLD.deleted_at IS NULL) WHERE id = OLD.chat_id;
  UPDATE chats SET total_messages = total_messages + (NEW.deleted_at IS NULL) WHERE id = NEW.chat_id;
  UPDATE chats
     SET created_date = (SELECT min(m.timestamp) FROM messages m WHERE m.chat_id = chats.id),
         last_message_date = (SELECT m.timestamp FROM messages m
                               WHERE m.chat_id = chats.id AND m.deleted_at IS NULL
                               ORDER BY m.timestamp DESC LIMIT 1)
   WHERE id IN (OLD.chat_id, NEW.chat_id);
END;

INSERT INTO contacts (id, name, name_source, is_me, data_source, last_updated) VALUES (1, 'Me', 'me', 1, 'messages', 0);

-- Work tables of one pass. They live in temp, so a rollback takes them back like everything else.

-- Source messages to look at in this pass.
CREATE TEMP TABLE candidate (
  rowid INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,  -- 'message', 'event' (item_type ≠ 0), 'reaction', 'removal'
  source_chat INTEGER,  -- lowest source chat that it is in; NULL: none yet
  deleted_at INTEGER,  -- in Recently Deleted since
  target_guid TEXT,  -- tapbacks: the message, without p:N/ or bp:
  target_part INTEGER
);

-- Those of them that are tapbacks or take one back, and can be brought in now.
CREATE TEMP TABLE tapback (
  rowid INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  guid TEXT NOT NULL,
  target_guid TEXT NOT NULL,
  target_part INTEGER NOT NULL,
  chat_id INTEGER,
  sender_id INTEGER,
  sender_identifier_id INTEGER,
  reaction_type TEXT NOT NULL,
  emoji TEXT,
  timestamp INTEGER
);

CREATE TEMP TABLE candidate_chat (source_rowid INTEGER PRIMARY KEY);
CREATE TEMP TABLE candidate_attachment (rowid INTEGER PRIMARY KEY);

-- Addresses met in this pass: handles that are new, and the other side of 1:1 chats.
CREATE TEMP TABLE address (
  handle_rowid INTEGER,  -- NULL: from a chat
  raw TEXT NOT NULL,
  type TEXT NOT NULL,
  identifier TEXT NOT NULL
);

-- Tapbacks whose standing has to be settled anew.
CREATE TEMP TABLE touched_tapback (
  original_message_guid TEXT NOT NULL,
  original_part INTEGER NOT NULL,
  sender_id INTEGER
);

-- Tapbacks that stand, or no longer stand, other than their row says.
CREATE TEMP TABLE settled (id INTEGER PRIMARY KEY, removed_at INTEGER);

-- What this transaction changed in our own tables: the first note of a row holds what it was before the pass.
CREATE TEMP TABLE logged_change (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,  -- 'contact', 'chat', 'participant', 'message', 'reaction', 'attachment'
  id INTEGER NOT NULL,
  other_id INTEGER NOT NULL DEFAULT 0,  -- participant: the contact
  before TEXT,  -- JSON; NULL: the row is new
  UNIQUE (kind, id, other_id)
);

-- Row ids that commits may have changed, and what the pages span on which they stand. `width` is of the table: 'wide'
-- (message), 'middle' (chat, attachment), 'any'.
CREATE TEMP TABLE changed_row (width TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (width, id)) WITHOUT ROWID;
CREATE TEMP TABLE changed_range (width TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL);

-- Rows of ours that Messages' database has no longer.
CREATE TEMP TABLE deleted_row (
  -- 'message', 'reaction', 'removal', 'event', 'attachment', 'chat' (source_rowid); 'waiting_message', 'waiting_reaction',
  -- 'waiting_attachment': in pending_rows
  kind TEXT NOT NULL,
  id INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;

-- Handles that name somebody else now.
CREATE TEMP TABLE repointed_handle (rowid INTEGER PRIMARY KEY);

-- Messages at hand that were edited or unsent, and the versions that Messages keeps of their parts.
CREATE TEMP TABLE edited (message_id INTEGER PRIMARY KEY, source_rowid INTEGER NOT NULL);
CREATE TEMP TABLE edit_version (
  message_id INTEGER NOT NULL,
  part INTEGER NOT NULL,
  version INTEGER NOT NULL,
  content TEXT,
  edited_at INTEGER,
  PRIMARY KEY (message_id, part, version)
) WITHOUT ROWID;

-- To delete from it empties all of them: one statement, where one for each costs a live pass 0.06 ms. Those that mostly
-- are empty, row by row: emptied as a whole a table's page is written, also where nothing stands on it (0.05 ms).
CREATE TEMP VIEW work_table AS SELECT 1 AS row;
CREATE TEMP TRIGGER work_table_delete INSTEAD OF DELETE ON work_table
BEGIN
  DELETE FROM candidate;
  DELETE FROM logged_change;
  DELETE FROM changed_row;
  DELETE FROM changed_range;
  DELETE FROM candidate_chat WHERE true;
  DELETE FROM candidate_attachment WHERE true;
  DELETE FROM tapback WHERE true;
  DELETE FROM address WHERE true;
  DELETE FROM touched_tapback WHERE true;
  DELETE FROM settled WHERE true;
  DELETE FROM deleted_row WHERE true;
  DELETE FROM repointed_handle WHERE true;
  DELETE FROM edited WHERE true;
  DELETE FROM edit_version WHERE true;
END;

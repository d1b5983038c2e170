-- Contacts: cards of the AddressBook mirrored, the person's own names, merges that can be taken back exactly.

-- The person's own name for a contact; stands above all others. `name` holds what is shown.
ALTER TABLE contacts ADD COLUMN user_name TEXT;

-- The contact that was made for the identifier. No foreign key: nothing but an undo may follow it.
ALTER TABLE contact_identifiers ADD COLUMN origin_contact_id INTEGER;
UPDATE contact_identifiers SET origin_contact_id = contact_id;
CREATE INDEX contact_identifiers_origin ON contact_identifiers (origin_contact_id);

-- Who is in a chat, by identifier: chat_participants is what follows from it and from whose the identifiers are.
CREATE TABLE chat_members (
  chat_id INTEGER NOT NULL REFERENCES chats (id),
  identifier_id INTEGER NOT NULL REFERENCES contact_identifiers (id),
  PRIMARY KEY (chat_id, identifier_id)
) WITHOUT ROWID;
CREATE INDEX chat_members_identifier ON chat_members (identifier_id);
INSERT INTO chat_members (chat_id, identifier_id)
SELECT p.chat_id, i.id
  FROM chat_participants p
  JOIN contact_identifiers i ON i.contact_id = p.contact_id;

-- A column that names a contact has one beside it, of the same name but for `_identifier`, that names the identifier it
-- came from: that is how an undo knows what goes back. Until now every contact had one identifier.
ALTER TABLE chat_events ADD COLUMN actor_identifier_id INTEGER REFERENCES contact_identifiers (id);
ALTER TABLE chat_events ADD COLUMN member_identifier_id INTEGER REFERENCES contact_identifiers (id);
UPDATE chat_events
   SET actor_identifier_id = (SELECT i.id FROM contact_identifiers i WHERE i.contact_id = actor_id),
       member_identifier_id = (SELECT i.id FROM contact_identifiers i WHERE i.contact_id = member_id);
CREATE INDEX chat_events_actor ON chat_events (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX chat_events_member ON chat_events (member_id) WHERE member_id IS NOT NULL;
ALTER TABLE conversations ADD COLUMN initiator_identifier_id INTEGER REFERENCES contact_identifiers (id);
CREATE INDEX conversations_initiator ON conversations (initiator_id) WHERE initiator_id IS NOT NULL;

-- 'user': a person took it back, which is a veto; 'cards': the cards no longer say so.
ALTER TABLE contact_merges ADD COLUMN undone_by TEXT;
CREATE INDEX contact_merges_from ON contact_merges (from_id);
CREATE INDEX contact_merges_into ON contact_merges (into_id);

-- Rows of tables that keep no identifier: what a merge re-pointed or dropped, so that its undo is exact.
CREATE TABLE contact_merge_rows (
  merge_id INTEGER NOT NULL REFERENCES contact_merges (id),
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  row_key TEXT NOT NULL,  -- JSON: its rowid, or the other columns of its primary key
  dropped TEXT  -- JSON of a row that could not be re-pointed, as its like was there already
);
CREATE INDEX contact_merge_rows_merge ON contact_merge_rows (merge_id);

-- One AddressBook file. Its token stands here once all of its cards do.
CREATE TABLE address_book_stores (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  token TEXT,
  read_at INTEGER  -- when it was last read in full
);
CREATE TABLE address_book_cards (
  id INTEGER PRIMARY KEY,
  store_id INTEGER NOT NULL REFERENCES address_book_stores (id),
  unique_id TEXT NOT NULL,
  link_id TEXT,
  is_me INTEGER NOT NULL,
  name TEXT,
  nickname TEXT,
  organization TEXT,
  preferred_for_name INTEGER NOT NULL,
  modified_at INTEGER,
  raw TEXT NOT NULL,  -- JSON: the card as it stands in the store, and the region that its numbers were read with
  UNIQUE (store_id, unique_id)
);
CREATE TABLE address_book_identifiers (
  card_id INTEGER NOT NULL REFERENCES address_book_cards (id),
  type TEXT NOT NULL,
  identifier TEXT NOT NULL,
  national TEXT,  -- digits of a number that was typed without a country code
  PRIMARY KEY (card_id, type, identifier)
) WITHOUT ROWID;
CREATE INDEX address_book_identifiers_identifier ON address_book_identifiers (type, identifier);

-- Contacts are listed by name, those that stand for themselves.
CREATE INDEX contacts_name ON contacts (name COLLATE NOCASE, id) WHERE merged_into IS NULL;

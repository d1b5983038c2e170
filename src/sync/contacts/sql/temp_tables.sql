-- Identifiers that an undo takes off a contact.
CREATE TEMP TABLE split_identifier (id INTEGER PRIMARY KEY);
-- Chats that a merge or its undo touches.
CREATE TEMP TABLE touched_chat (id INTEGER PRIMARY KEY);
-- Cards of the store that is being read.
CREATE TEMP TABLE seen_card (id INTEGER PRIMARY KEY);

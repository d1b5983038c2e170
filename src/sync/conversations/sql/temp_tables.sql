-- What conversations have to follow, and the work tables of putting them together anew. In temp, so a rollback takes them
-- back like everything else.

-- Where in time a message came, went or changed in this transaction.
CREATE TEMP TABLE conversation_touch (
  seq INTEGER PRIMARY KEY,
  message_id INTEGER NOT NULL,
  chat_id INTEGER NOT NULL,
  timestamp INTEGER,
  fresh INTEGER NOT NULL  -- 1: the message is new, and nothing has changed of it since
);
CREATE INDEX temp.conversation_touch_place ON conversation_touch (chat_id, timestamp);

-- Stretches of chats whose messages are put together anew. No message outside is near enough to belong to one within.
CREATE TEMP TABLE conversation_range (
  id INTEGER PRIMARY KEY,
  chat_id INTEGER NOT NULL,
  first_time INTEGER NOT NULL,
  last_time INTEGER NOT NULL,
  carried_id INTEGER,  -- the conversation to which new messages are added; of the range, these alone are looked at
  carried_until INTEGER
);

-- The messages looked at, in order, and the number of their conversation within the range (0: the one carried on).
CREATE TEMP TABLE conversation_member (
  seq INTEGER PRIMARY KEY,
  range_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  timestamp INTEGER NOT NULL,
  old_id INTEGER  -- its conversation until now
);

-- The conversations in the ranges as they are to be.
CREATE TEMP TABLE conversation_group (
  range_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  conversation_id INTEGER,  -- NULL until it is decided
  first_message_id INTEGER NOT NULL,
  start_time INTEGER NOT NULL,
  end_time INTEGER NOT NULL,
  message_count INTEGER NOT NULL,
  PRIMARY KEY (range_id, number)
) WITHOUT ROWID;

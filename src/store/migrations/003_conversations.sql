-- Conversations: messages of a chat with little time between them.

-- Partial, so that an import, which leaves conversations for afterwards, has nothing to do with it. Besides its readers the
-- foreign key needs it: else each conversation that goes would cost a look at all messages.
CREATE INDEX messages_conversation ON messages (conversation_id) WHERE conversation_id IS NOT NULL;

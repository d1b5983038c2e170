SELECT 1 FROM main.chats c WHERE c.id = :chat

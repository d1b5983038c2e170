-- The least that a merge must do.
UPDATE main.messages SET sender_id = :into WHERE sender_id = :from

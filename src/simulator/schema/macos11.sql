-- What macOS 11 brought besides columns; from public dumps.

CREATE INDEX message_idx_thread_originator_guid ON message (thread_originator_guid);

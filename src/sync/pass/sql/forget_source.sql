-- The file was replaced: its ROWIDs mean other rows now. Ours are found again by GUID.
DELETE FROM main.source_handles;
DELETE FROM main.source_chats;
DELETE FROM main.pending_rows;
DELETE FROM main.source_members;
DELETE FROM main.follow_ups;

INSERT INTO attachment (
  ROWID, guid, original_guid, created_date, filename, uti, mime_type, transfer_state, is_outgoing, transfer_name,
  total_bytes, is_sticker
) VALUES (
  :rowid, :guid, :guid, :created, :filename, :uti, :mimeType, :transferState, :isOutgoing, :name,
  :bytes, 0
)

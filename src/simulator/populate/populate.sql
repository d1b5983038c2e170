-- Rows of an invented history.

-- name: attachment
INSERT INTO attachment (
  ROWID, guid, original_guid, created_date, filename, uti, mime_type, transfer_state, is_outgoing, transfer_name,
  total_bytes, is_sticker
) VALUES (
  :rowid, :guid, :guid, :created, :filename, :uti, :mimeType, :transferState, :isOutgoing, :name,
  :bytes, 0
)

-- name: message
-- What every row has; binding a parameter costs more than storing a column, so that rare columns are set afterwards.
INSERT INTO message (
  ROWID, guid, text, attributedBody, handle_id, service, account, version, date, date_read, date_delivered,
  is_from_me, is_finished, is_sent, is_delivered, is_read, cache_roomnames, destination_caller_id, part_count,
  date_retracted, date_edited
) VALUES (
  :rowid, :guid, :text, :body, :handle, :service, 'E:me@example.com', 10, :date, :dateRead, :dateDelivered,
  :isFromMe, 1, :isFromMe, 1, :dateRead != 0, :roomName, '+12125550100', 1,
  0, 0
)

-- name: messageBeforeMacos13
-- insert_message.sql without what macOS 13 added: parts, edited and taken back.
INSERT INTO message (
  ROWID, guid, text, attributedBody, handle_id, service, account, version, date, date_read, date_delivered,
  is_from_me, is_finished, is_sent, is_delivered, is_read, cache_roomnames, destination_caller_id
) VALUES (
  :rowid, :guid, :text, :body, :handle, :service, 'E:me@example.com', 10, :date, :dateRead, :dateDelivered,
  :isFromMe, 1, :isFromMe, 1, :dateRead != 0, :roomName, '+12125550100'
)

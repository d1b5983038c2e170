-- insert_message.sql without what macOS 13 added: parts, edited and taken back.
INSERT INTO message (
  ROWID, guid, text, attributedBody, handle_id, service, account, version, date, date_read, date_delivered,
  is_from_me, is_finished, is_sent, is_delivered, is_read, cache_roomnames, destination_caller_id
) VALUES (
  :rowid, :guid, :text, :body, :handle, :service, 'E:me@example.com', 10, :date, :dateRead, :dateDelivered,
  :isFromMe, 1, :isFromMe, 1, :dateRead != 0, :roomName, '+12125550100'
)

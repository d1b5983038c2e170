INSERT INTO main.sync_events (at, event, topics, data, message_id)
VALUES (:at, :event, :topics, :data, :message)

INSERT INTO main.sync_events (at, event, topics, data) VALUES (:at, :event, :topics, :data)

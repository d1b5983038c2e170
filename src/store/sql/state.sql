-- live_sync_state.

-- name: readAll
SELECT json_group_object(key, value) AS json FROM main.live_sync_state

-- name: setOne
INSERT INTO main.live_sync_state (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value

-- name: setMany
INSERT INTO main.live_sync_state (key, value)
SELECT v.key, v.value FROM json_each(:values) v WHERE true
ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value

INSERT INTO main.live_sync_state (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value

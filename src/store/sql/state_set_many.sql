INSERT INTO main.live_sync_state (key, value)
SELECT v.key, v.value FROM json_each(:values) v WHERE true
ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value

SELECT json_group_object(key, value) AS json FROM main.live_sync_state

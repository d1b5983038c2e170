INSERT INTO main.contact_merges (from_id, into_id, reason, evidence, created_at)
VALUES (:from, :into, :reason, :evidence, :now)

SELECT id, type, identifier, contact_id, origin_contact_id, is_shared FROM main.contact_identifiers ORDER BY id

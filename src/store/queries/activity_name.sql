-- As JSON, since a name may hold a NUL.
SELECT json_quote(c.name) AS name FROM main.contacts c WHERE c.id = :id

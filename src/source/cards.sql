-- Cards of a store of the AddressBook.

-- name: cards
-- The next cards of a store, with what card_details.sql gathered.
-- A row is one JSON text: a TEXT would end at its first NUL, and one column is read twice as fast as ten.
SELECT json_array(
         CAST(r.record AS TEXT),
         json_array(r.unique_id, r.link_id, r.first_name, r.middle_name, r.last_name, r.nickname, r.organization),
         coalesce(r.flags, 0) & 7 = 1,
         coalesce(r.flags, 0) & 56,
         r.me_of IS NOT NULL,
         coalesce(r.preferred, 0) = 1,
         r.modified_ms,
         json(coalesce(p.list, '[]')),
         json(coalesce(e.list, '[]')),
         r.odd + coalesce(p.odd, 0) + coalesce(e.odd, 0)
       ) AS card
  FROM temp.card_record r
  LEFT JOIN temp.card_phones p ON p.owner = r.record
  LEFT JOIN temp.card_emails e ON e.owner = r.record
 WHERE r.record > :after
   AND r.entity IN (SELECT entity
                      FROM temp.card_entity
                     WHERE entity_name IN ('ABCDContact', 'ABCDSubscribedContact'))
 ORDER BY r.record
 LIMIT :limit + 0

-- name: details
-- Numbers and addresses of all cards, gathered by card once: no release's indexes are known, and a look-up for each card
-- would scan them all. The transaction that this runs in is rolled back.
CREATE TEMP TABLE card_phones (owner INTEGER PRIMARY KEY, list TEXT NOT NULL, odd INTEGER NOT NULL);
INSERT INTO temp.card_phones (owner, list, odd)
SELECT owner,
       json_group_array(value ORDER BY position, key) FILTER (WHERE value <> ''),
       sum(odd)
  FROM temp.card_phone
 WHERE owner IS NOT NULL
 GROUP BY owner;

CREATE TEMP TABLE card_emails (owner INTEGER PRIMARY KEY, list TEXT NOT NULL, odd INTEGER NOT NULL);
INSERT INTO temp.card_emails (owner, list, odd)
SELECT owner,
       json_group_array(value ORDER BY position, key) FILTER (WHERE value <> ''),
       sum(odd)
  FROM temp.card_email
 WHERE owner IS NOT NULL
 GROUP BY owner;

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

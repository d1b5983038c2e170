-- A page of contacts by name, those that stand for themselves: of those that have a name, or (:nameless = 1) of those
-- that are called by their number or address; (:name, :id) is where the page before ended. Each row
-- takes its place by what it is called now, so a contact that keeps its name comes once, whoever else is renamed
-- between two pages. :words NULL: all of them.
SELECT c.id,
       json_array(:nameless, c.name, c.id) AS key
  FROM main.contacts c
 WHERE c.merged_into IS NULL
   AND (c.name_source = 'identifier') = :nameless
   AND c.name COLLATE NOCASE >= :name  -- as (name, id) > (:name, :id), which would not use the index with a collation
   AND (c.name COLLATE NOCASE > :name OR c.id > :id)
   AND (
     :words IS NULL
     OR c.name GLOB :words
     OR c.nickname GLOB :words
     OR c.organization GLOB :words
     OR EXISTS (
       SELECT 1
         FROM main.contact_identifiers s
        WHERE s.contact_id = c.id
          AND (s.identifier GLOB :words OR s.identifier GLOB :number)
     )
   )
 ORDER BY c.name COLLATE NOCASE, c.id
 LIMIT :limit + 0

-- Changes with each merge of contacts and with each undo.
SELECT count(*) || '/' || count(undone_at) AS merges
  FROM main.contact_merges

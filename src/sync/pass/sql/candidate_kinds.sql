-- What is among the candidates, so that a pass need not run statements over what is not.
SELECT coalesce(max(kind = 'message'), 0) AS messages,
       coalesce(max(kind = 'event'), 0) AS events,
       coalesce(max(kind IN ('reaction', 'removal')), 0) AS tapbacks,
       coalesce(max(source_chat IS NULL), 0) AS chatless
  FROM temp.candidate

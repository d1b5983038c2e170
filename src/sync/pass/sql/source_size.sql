SELECT (SELECT count(*) FROM temp.source_message) + (SELECT count(*) FROM temp.source_attachment) AS n

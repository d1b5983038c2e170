SELECT country FROM temp.source_handle WHERE country IS NOT NULL

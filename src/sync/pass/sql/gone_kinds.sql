SELECT DISTINCT kind FROM temp.gone

-- Columns that have another number than when their table was copied: dropped and
-- added again, or their names were exchanged. Rows that were there before are
-- then others, and none of that travels. $1: tables, $2: the numbers of their
-- columns, as JSON.
-- rows: name, column
SELECT t.name, c.key AS column
  FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[]))
       AS t (name, columns)
  JOIN (pg_catalog.pg_class r
        JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace)
       ON n.nspname || '.' || r.relname = t.name
 CROSS JOIN LATERAL pg_catalog.json_each_text(t.columns::json) c
  JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attname = c.key
 WHERE NOT a.attisdropped
   AND a.attnum::text <> c.value
 ORDER BY 1, 2

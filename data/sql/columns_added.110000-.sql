-- only: 110000-
-- Columns that were added since their table was copied, and the value that rows
-- of before have in them without being rewritten. $1: tables, $2: the numbers
-- of their columns, as JSON.
-- rows: name, column, value?
SELECT t.name, a.attname AS column, a.attmissingval::text AS value
  FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[]))
       AS t (name, columns)
  JOIN (pg_catalog.pg_class r
        JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace)
       ON n.nspname || '.' || r.relname = t.name
  JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid
 WHERE a.attnum > 0
   AND NOT a.attisdropped
   AND a.atthasmissing
   AND (t.columns::json -> a.attname) IS NULL
 ORDER BY 1, 2

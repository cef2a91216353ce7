-- A row when the table has that column. $1: schema, $2: table, $3: column.
-- rows: found
SELECT 1 AS found
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
 WHERE n.nspname = $1::text AND c.relname = $2::text
   AND a.attname = $3::text AND a.attnum > 0 AND NOT a.attisdropped
   AND c.relkind IN ('r', 'p')

-- An index by its name: no row when there is none. $1: schema, $2: index.
-- rows: valid, table_schema, table_name
SELECT i.indisvalid AS valid,
       n.nspname AS table_schema,
       t.relname AS table_name
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
  JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
  JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
 WHERE s.nspname = $1::text AND c.relname = $2::text

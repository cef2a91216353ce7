-- Materialized views. $1: relations left out.
-- rows: schema, name, current?
SELECT n.nspname AS schema,
       c.relname AS name,
       pg_catalog.pg_size_pretty(pg_catalog.pg_table_size(c.oid)) AS current
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'm'
#include "user_relation"
   AND NOT (n.nspname || '.' || c.relname) = ANY ($1::text[])
 ORDER BY 1, 2

-- only: 100000-
-- Partitioned tables that are no partitions themselves. $1: tables left out.
-- rows: schema, name, current
SELECT n.nspname AS schema,
       c.relname AS name,
       'partitioned' AS current
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'p'
   AND NOT c.relispartition
#include "user_relation"
   AND NOT (n.nspname || '.' || c.relname) = ANY ($1::text[])
 ORDER BY 1, 2

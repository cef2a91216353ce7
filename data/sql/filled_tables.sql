-- Tables that take room on the disk and that no run of start has copied.
-- What is in them, if they have rows, is of somebody else.
-- rows: schema, name
SELECT n.nspname AS schema, c.relname AS name
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r'
   AND pg_catalog.pg_relation_size(c.oid) > 0
#include "user_relation"
   AND NOT EXISTS (SELECT 1
                     FROM pgrepup.load_table t
                    WHERE t.schema = n.nspname AND t.name = c.relname)
 ORDER BY 1, 2

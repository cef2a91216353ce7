-- Tables that take room on the disk and that no run of start has copied.
-- What is in them, if they have rows, is of somebody else.
SELECT n.nspname AS schema, c.relname AS name
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r'
   AND pg_catalog.pg_relation_size(c.oid) > 0
   AND n.nspname NOT LIKE 'pg\_%'
   AND n.nspname NOT IN ('information_schema', 'pgrepup', 'pglogical',
                         'pglogical_origin')
   AND NOT EXISTS (SELECT 1
                     FROM pgrepup.load_table t
                    WHERE t.schema = n.nspname AND t.name = c.relname)
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 1, 2

-- The sequences of a database, which way each counts, and if it begins anew at
-- its end.
SELECT n.nspname AS schema,
       c.relname AS name,
       (pg_catalog.pg_sequence_parameters(c.oid)).increment > 0 AS ascending,
       (pg_catalog.pg_sequence_parameters(c.oid)).cycle_option AS cycles
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'S'
   AND c.relpersistence <> 't'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgrepup',
                         'pglogical', 'pglogical_origin')
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND d.objid = c.oid
                      AND d.deptype = 'e')
 ORDER BY 1, 2

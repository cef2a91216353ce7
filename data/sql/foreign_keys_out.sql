-- Foreign keys of tables that travel to tables that do not: extension-owned,
-- left out, of pglogical. $1: tables left out.
-- rows: schema, name, current
SELECT n.nspname AS schema,
       c.relname AS name,
       k.conname || ' to ' || fn.nspname || '.' || f.relname AS current
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class f ON f.oid = k.confrelid
  JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
 WHERE k.contype = 'f'
   AND c.relkind = 'r'
   AND f.relkind = 'r'
#include "user_relation"
   AND NOT (n.nspname || '.' || c.relname) = ANY ($1::text[])
   AND (f.relpersistence <> 'p'
        OR fn.nspname IN ('pgrepup', 'pglogical', 'pglogical_origin')
        OR (fn.nspname || '.' || f.relname) = ANY ($1::text[])
        OR EXISTS (SELECT 1
                     FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND d.objid = f.oid
                      AND d.deptype = 'e'))
 ORDER BY 1, 2, 3

-- Constraints of a database's tables, for comparing; see src/schema.h. Those
-- that the server makes for partitions by itself are left out. $1 is not
-- looked at.
-- rows: kind, name, definition?
SELECT CASE k.contype WHEN 'p' THEN 'primary key'
                      WHEN 'f' THEN 'foreign key'
                      ELSE 'constraint'
       END AS kind,
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(c.relname) || '.' ||
       pg_catalog.quote_ident(k.conname) AS name,
       CASE k.contype WHEN 'u' THEN 'unique ' WHEN 'c' THEN 'check '
                      WHEN 'x' THEN 'exclude '
                      ELSE ''
       END ||
       coalesce((SELECT '(' || pg_catalog.string_agg(
                           pg_catalog.quote_ident(a.attname), ', '
                           ORDER BY u.at) || ')'
                   FROM pg_catalog.generate_subscripts(k.conkey, 1) AS u (at)
                   JOIN pg_catalog.pg_attribute a
                        ON a.attrelid = k.conrelid AND a.attnum = k.conkey[u.at]
                  WHERE k.contype <> 'c'), '') ||
       coalesce((SELECT ' to ' || pg_catalog.quote_ident(fn.nspname) || '.' ||
                        pg_catalog.quote_ident(f.relname) || ' ' ||
                        k.confupdtype::text || k.confdeltype::text
                   FROM pg_catalog.pg_class f
                   JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
                  WHERE f.oid = k.confrelid), '') ||
       CASE WHEN k.condeferrable THEN ' deferrable' ELSE '' END ||
       CASE WHEN k.condeferred THEN ' deferred' ELSE '' END ||
       CASE WHEN k.convalidated THEN '' ELSE ' not valid' END AS definition
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE k.contype IN ('p', 'u', 'x', 'f', 'c')
   AND k.conislocal
#include "user_relation"
   AND $1::boolean IS NOT NULL

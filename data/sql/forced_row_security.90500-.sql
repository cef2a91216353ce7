-- only: 90500-
-- Tables that travel and whose policies hold for their owners too.
-- $1: tables left out.
-- rows: schema, name, current
SELECT n.nspname AS schema,
       c.relname AS name,
       'FORCE ROW LEVEL SECURITY' AS current
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r'
   AND c.relpersistence = 'p'
   AND c.relforcerowsecurity
#include "user_relation"
   AND NOT (n.nspname || '.' || c.relname) = ANY ($1::text[])
 ORDER BY 1, 2

-- only: -119999
-- Tables whose rows have an oid, which no later version has. $1: tables left
-- out.
-- rows: schema, name, current
SELECT n.nspname AS schema,
       c.relname AS name,
       'WITH OIDS' AS current
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r'
   AND c.relhasoids
   AND c.relpersistence = 'p'
#include "user_relation"
   AND NOT (n.nspname || '.' || c.relname) = ANY ($1::text[])
 ORDER BY 1, 2

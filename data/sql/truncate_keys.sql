-- How many of the tables that travel have foreign keys of others pointing to
-- them. $1: tables left out.
-- row: n
SELECT count(DISTINCT c.oid)::text AS n
  FROM pg_catalog.pg_constraint f
  JOIN pg_catalog.pg_class c ON c.oid = f.confrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE f.contype = 'f'
   AND f.conrelid <> f.confrelid
   AND c.relkind = 'r'
   AND c.relpersistence = 'p'
#include "user_relation"
   AND NOT (n.nspname || '.' || c.relname) = ANY ($1::text[])

-- only: 160000-
-- Tables whose changes cannot be applied as their owner: policies that hold for
-- owners as well, and owners without a right on what is theirs.
SELECT n.nspname AS schema,
       c.relname AS name,
       CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY'
            ELSE 'its owner lacks a right on it' END AS why
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p')
   AND c.relpersistence = 'p'
#include "user_relation"
   AND (c.relforcerowsecurity OR NOT (
            pg_catalog.has_table_privilege(c.relowner, c.oid, 'SELECT') AND
            pg_catalog.has_table_privilege(c.relowner, c.oid, 'INSERT') AND
            pg_catalog.has_table_privilege(c.relowner, c.oid, 'UPDATE') AND
            pg_catalog.has_table_privilege(c.relowner, c.oid, 'DELETE') AND
            pg_catalog.has_table_privilege(c.relowner, c.oid, 'TRUNCATE')))
 ORDER BY 1, 2

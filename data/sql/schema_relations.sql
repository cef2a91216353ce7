-- Tables, views, foreign tables and composite types of a database, for
-- comparing; see src/schema.h.
-- $1: true for the exact text, which may differ between versions.
-- rows: kind, name, definition?
SELECT CASE c.relkind WHEN 'v' THEN 'view'
                      WHEN 'm' THEN 'materialized view'
                      WHEN 'f' THEN 'foreign table'
                      WHEN 'c' THEN 'type'
                      ELSE 'table'
       END AS kind,
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(c.relname) AS name,
       CASE c.relpersistence WHEN 'u' THEN 'unlogged ' ELSE '' END ||
       CASE c.relkind WHEN 'p' THEN 'partitioned ' ELSE '' END ||
       coalesce('under ' || (SELECT pg_catalog.string_agg(
                                       pg_catalog.quote_ident(pn.nspname) || '.' ||
                                       pg_catalog.quote_ident(p.relname),
                                       ', ' ORDER BY i.inhseqno)
                               FROM pg_catalog.pg_inherits i
                               JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
                               JOIN pg_catalog.pg_namespace pn
                                    ON pn.oid = p.relnamespace
                              WHERE i.inhrelid = c.oid), '') ||
       CASE WHEN $1::boolean
            THEN ' #' || pg_catalog.pg_get_userbyid(c.relowner) || ' ' ||
                 coalesce(c.relacl::text, '') || ' ' ||
                 coalesce(c.reloptions::text, '') || ' ' ||
                 CASE WHEN c.relkind IN ('v', 'm')
                      THEN pg_catalog.md5(pg_catalog.pg_get_viewdef(c.oid))
                      ELSE ''
                 END
            ELSE ''
       END AS definition
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
#include "user_relation"

-- Columns of tables, views and composite types of a database, for comparing;
-- see src/schema.h.
-- $1: true for the exact text, which may differ between versions.
-- rows: kind, name, definition?
SELECT 'column' AS kind,
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(c.relname) || '.' ||
       pg_catalog.quote_ident(a.attname) AS name,
       pg_catalog.format_type(a.atttypid, a.atttypmod) ||
       CASE WHEN a.attnotnull THEN ' not null' ELSE '' END ||
       CASE a.attidentity WHEN 'a' THEN ' identity always'
                          WHEN 'd' THEN ' identity by default'
                          ELSE ''
       END ||
       CASE a.attgenerated WHEN '' THEN '' ELSE ' generated' END ||
       CASE WHEN a.atthasdef THEN ' default' ELSE '' END ||
       CASE WHEN $1::boolean
            THEN ' #' || a.attcollation || ' ' ||
                 coalesce(a.attacl::text, '') || ' ' ||
                 coalesce(pg_catalog.md5((SELECT pg_catalog.pg_get_expr(
                                                 f.adbin, f.adrelid)
                                            FROM pg_catalog.pg_attrdef f
                                           WHERE f.adrelid = a.attrelid
                                             AND f.adnum = a.attnum)), '')
            ELSE ''
       END AS definition
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
   AND a.attnum > 0
   AND NOT a.attisdropped
#include "user_relation"

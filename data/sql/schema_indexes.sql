-- Indexes of a database, for comparing; see src/schema.h. Invalid ones are not
-- dumped. $1 is not looked at.
-- rows: kind, name, definition?
SELECT 'index' AS kind,
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(x.relname) AS name,
       'on ' || pg_catalog.quote_ident(c.relname) || ' ' || m.amname || ' (' ||
       (SELECT pg_catalog.string_agg(
                   coalesce(pg_catalog.quote_ident(a.attname), 'expression'),
                   ', ' ORDER BY k.at)
          FROM pg_catalog.generate_series(0, i.indnatts - 1) AS k (at)
          LEFT JOIN pg_catalog.pg_attribute a
               ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.at]
                  AND a.attnum <> 0) || ')' ||
       CASE WHEN i.indisunique THEN ' unique' ELSE '' END ||
       CASE WHEN i.indpred IS NOT NULL THEN ' partial' ELSE '' END AS definition
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
  JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_am m ON m.oid = x.relam
 WHERE (i.indisvalid OR c.relkind = 'p')
   AND c.relkind IN ('r', 'p', 'm')
#include "user_relation"
   AND $1::boolean IS NOT NULL

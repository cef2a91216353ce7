-- Options of columns (n_distinct) of a database, for comparing; see
-- src/schema.h. $1 is not looked at.
-- $2: names of options that are the server's own affair.
-- rows: kind, name, definition?
SELECT 'options of column' AS kind,
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(c.relname) || '.' ||
       pg_catalog.quote_ident(a.attname) AS name,
       pg_catalog.string_agg(o.text, ', '
                             ORDER BY o.text COLLATE pg_catalog."C")
       AS definition
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL pg_catalog.unnest(a.attoptions) AS o (text)
 WHERE c.relkind IN ('r', 'p', 'm', 'f')
   AND a.attnum > 0
   AND NOT a.attisdropped
   AND pg_catalog.split_part(o.text, '=', 1) <> ALL ($2::text[])
   AND $1::boolean IS NOT NULL
#include "user_relation"
 GROUP BY n.nspname, c.relname, a.attname

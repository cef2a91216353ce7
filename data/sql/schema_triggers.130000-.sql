-- Triggers and rules of a database, for comparing; see src/schema.h. Those
-- that the server makes by itself are left out, and those of pglogical. $1 is
-- not looked at.
-- rows: kind, name, definition?
SELECT 'trigger' AS kind,
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(c.relname) || '.' ||
       pg_catalog.quote_ident(t.tgname) AS name,
       'calls ' || pg_catalog.quote_ident(p.proname) || ' ' ||
       t.tgtype AS definition
  FROM pg_catalog.pg_trigger t
  JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
  JOIN pg_catalog.pg_namespace f ON f.oid = p.pronamespace
 WHERE NOT t.tgisinternal
   AND t.tgparentid = 0
   AND f.nspname <> 'pglogical'
#include "user_relation"
   AND $1::boolean IS NOT NULL
UNION ALL
SELECT 'rule',
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(c.relname) || '.' ||
       pg_catalog.quote_ident(r.rulename),
       'on ' || r.ev_type::text ||
       CASE WHEN r.is_instead THEN ' instead' ELSE '' END
  FROM pg_catalog.pg_rewrite r
  JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE r.rulename <> '_RETURN'
#include "user_relation"

-- CHECK constraints of a database's tables, exactly, for seeing whether they
-- changed; see src/schema.h. $1 is not looked at.
-- rows: kind, name, definition?
SELECT 'constraint' AS kind,
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(c.relname) || '.' ||
       pg_catalog.quote_ident(k.conname) AS name,
       pg_catalog.pg_get_constraintdef(k.oid) AS definition
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE k.contype = 'c'
#include "user_relation"
   AND $1::boolean IS NOT NULL

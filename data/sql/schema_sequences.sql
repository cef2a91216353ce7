-- Sequences of a database, for comparing; see src/schema.h.
-- $1: true for the exact text, which may differ between versions.
-- rows: kind, name, definition?
SELECT 'sequence' AS kind,
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(c.relname) AS name,
       'start ' || p.start_value || ' from ' || p.minimum_value || ' to ' ||
       p.maximum_value || ' by ' || p.increment ||
       CASE WHEN p.cycle_option THEN ' cycle' ELSE '' END ||
       CASE WHEN $1::boolean
            THEN ' #' || pg_catalog.pg_get_userbyid(c.relowner) || ' ' ||
                 coalesce(c.relacl::text, '')
            ELSE ''
       END AS definition
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace,
       LATERAL pg_catalog.pg_sequence_parameters(c.oid) p
 WHERE c.relkind = 'S'
#include "user_relation"

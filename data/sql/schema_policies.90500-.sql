-- only: 90500-
-- Policies of row security of a database, for comparing; see src/schema.h. $1
-- is not looked at.
-- rows: kind, name, definition?
SELECT 'policy' AS kind,
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(c.relname) || '.' ||
       pg_catalog.quote_ident(p.polname) AS name,
       'for ' || p.polcmd::text AS definition
  FROM pg_catalog.pg_policy p
  JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname NOT LIKE 'pg\_%'
   AND n.nspname NOT IN ('information_schema', 'pgrepup', 'pglogical',
                         'pglogical_origin')
   AND $1::boolean IS NOT NULL
UNION ALL
SELECT 'row security',
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(c.relname),
       CASE WHEN c.relforcerowsecurity THEN 'forced' ELSE '' END
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relrowsecurity
   AND n.nspname NOT LIKE 'pg\_%'
   AND n.nspname NOT IN ('information_schema', 'pgrepup', 'pglogical',
                         'pglogical_origin')

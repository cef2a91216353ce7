-- Schemas and extensions of a database, for comparing; see src/schema.h.
-- $1: true for the exact text, which may differ between versions.
-- rows: kind, name, definition?
SELECT 'schema' AS kind,
       pg_catalog.quote_ident(n.nspname) AS name,
       CASE WHEN $1::boolean
            THEN ' #' || pg_catalog.pg_get_userbyid(n.nspowner) || ' ' ||
                 coalesce(n.nspacl::text, '')
       END AS definition
  FROM pg_catalog.pg_namespace n
 WHERE n.nspname NOT LIKE 'pg\_%'
   AND n.nspname NOT IN ('information_schema', 'pgrepup', 'pglogical',
                         'pglogical_origin')
UNION ALL
SELECT 'extension',
       pg_catalog.quote_ident(e.extname),
       CASE WHEN $1::boolean THEN ' #' || e.extversion END
  FROM pg_catalog.pg_extension e
 WHERE e.extname NOT IN ('plpgsql', 'pglogical', 'pglogical_origin')

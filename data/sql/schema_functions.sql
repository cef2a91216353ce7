-- Functions, procedures and aggregates of a database, for comparing; see
-- src/schema.h.
-- $1: true for the exact text, which may differ between versions.
-- rows: kind, name, definition?
SELECT 'function' AS kind,
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(p.proname) ||
       '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')' AS name,
       l.lanname || ' #' || pg_catalog.md5(p.prosrc) ||
       CASE WHEN $1::boolean
            THEN pg_catalog.pg_get_userbyid(p.proowner) || ' ' ||
                 coalesce(p.proacl::text, '') || ' ' ||
                 coalesce(p.proconfig::text, '') || ' ' ||
                 p.provolatile::text || p.proisstrict || p.prosecdef ||
                 coalesce(pg_catalog.pg_get_function_result(p.oid), '') ||
                 pg_catalog.pg_get_function_arguments(p.oid)
            ELSE ''
       END AS definition
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_language l ON l.oid = p.prolang
 WHERE n.nspname NOT LIKE 'pg\_%'
   AND n.nspname NOT IN ('information_schema', 'pgrepup', 'pglogical',
                         'pglogical_origin')
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                      AND d.objid = p.oid AND d.deptype = 'e')
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                      AND d.objid = p.oid AND d.deptype = 'i')

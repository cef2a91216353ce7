-- Enum types, domains and ranges of a database, for comparing; see
-- src/schema.h.
-- $1: true for the exact text, which may differ between versions.
-- rows: kind, name, definition?
SELECT 'type' AS kind,
       pg_catalog.quote_ident(n.nspname) || '.' ||
       pg_catalog.quote_ident(t.typname) AS name,
       CASE t.typtype WHEN 'e' THEN 'enum ' ||
                coalesce((SELECT pg_catalog.string_agg(
                                        pg_catalog.quote_literal(e.enumlabel),
                                        ', ' ORDER BY e.enumsortorder)
                            FROM pg_catalog.pg_enum e
                           WHERE e.enumtypid = t.oid), '')
                      WHEN 'd' THEN 'domain ' ||
                pg_catalog.format_type(t.typbasetype, t.typtypmod) ||
                CASE WHEN t.typnotnull THEN ' not null' ELSE '' END
                      ELSE 'range of ' ||
                (SELECT pg_catalog.format_type(r.rngsubtype, NULL)
                   FROM pg_catalog.pg_range r
                  WHERE r.rngtypid = t.oid)
       END ||
       CASE WHEN $1::boolean
            THEN ' #' || pg_catalog.pg_get_userbyid(t.typowner) || ' ' ||
                 coalesce(t.typacl::text, '') || ' ' ||
                 coalesce(t.typdefault, '') || ' ' ||
                 coalesce((SELECT pg_catalog.md5(pg_catalog.string_agg(
                                      pg_catalog.pg_get_constraintdef(k.oid),
                                      ' ' ORDER BY k.conname))
                             FROM pg_catalog.pg_constraint k
                            WHERE k.contypid = t.oid), '')
            ELSE ''
       END AS definition
  FROM pg_catalog.pg_type t
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype IN ('e', 'd', 'r')
   AND n.nspname NOT LIKE 'pg\_%'
   AND n.nspname NOT IN ('information_schema', 'pgrepup', 'pglogical',
                         'pglogical_origin')
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
                      AND d.objid = t.oid AND d.deptype = 'e')

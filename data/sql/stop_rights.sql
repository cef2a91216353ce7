-- Who has which right on what of a database, but for owners, superusers and
-- what belongs to an extension or to another object (constructors of ranges: 14
-- has more of them), and for rights that only new versions know: the same words
-- on every version, to be compared.
-- rows: kind, name, grantee, privilege
SELECT x.kind, x.name, coalesce(r.rolname, 'PUBLIC') AS grantee,
       a.privilege_type AS privilege
  FROM (SELECT 'relation' AS kind, c.oid::pg_catalog.regclass::text AS name,
               c.relowner AS owner, c.relnamespace AS namespace,
               'pg_catalog.pg_class'::pg_catalog.regclass AS classid, c.oid,
               coalesce(c.relacl, pg_catalog.acldefault(
                   CAST(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END
                        AS "char"), c.relowner)) AS acl
          FROM pg_catalog.pg_class c
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        UNION ALL
        SELECT 'column', c.oid::pg_catalog.regclass::text || '.' ||
               pg_catalog.quote_ident(t.attname), c.relowner, c.relnamespace,
               'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, t.attacl
          FROM pg_catalog.pg_attribute t
          JOIN pg_catalog.pg_class c ON c.oid = t.attrelid
         WHERE t.attacl IS NOT NULL
           AND NOT t.attisdropped
        UNION ALL
        SELECT 'function', p.oid::pg_catalog.regprocedure::text, p.proowner,
               p.pronamespace, 'pg_catalog.pg_proc'::pg_catalog.regclass,
               p.oid,
               coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))
          FROM pg_catalog.pg_proc p
        UNION ALL
        SELECT 'type', t.oid::pg_catalog.regtype::text, t.typowner,
               t.typnamespace, 'pg_catalog.pg_type'::pg_catalog.regclass,
               t.oid,
               coalesce(t.typacl, pg_catalog.acldefault('T', t.typowner))
          FROM pg_catalog.pg_type t
         WHERE t.typtype IN ('d', 'e', 'r')
        UNION ALL
        SELECT 'schema', pg_catalog.quote_ident(n.nspname), n.nspowner, n.oid,
               'pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid,
               coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))
          FROM pg_catalog.pg_namespace n
        UNION ALL
        SELECT 'default privileges',
               'of ' || pg_catalog.pg_get_userbyid(d.defaclrole) ||
               coalesce(' in schema ' || pg_catalog.quote_ident(n.nspname),
                        '') ||
               ' on ' || d.defaclobjtype::text,
               d.defaclrole, d.defaclnamespace,
               'pg_catalog.pg_default_acl'::pg_catalog.regclass, d.oid,
               d.defaclacl
          FROM pg_catalog.pg_default_acl d
          LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace) x
 CROSS JOIN LATERAL pg_catalog.aclexplode(x.acl) a
  LEFT JOIN pg_catalog.pg_namespace s ON s.oid = x.namespace
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
 WHERE a.grantee <> x.owner
   AND a.privilege_type <> 'MAINTAIN'
   AND NOT coalesce(r.rolsuper, false)
   AND coalesce(r.rolname, '') <> 'pg_database_owner'
   AND (s.nspname IS NULL
        OR (s.nspname NOT LIKE 'pg\_%'
            AND s.nspname NOT IN ('information_schema', 'pgrepup',
                                  'pglogical', 'pglogical_origin')))
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_depend e
                    WHERE e.classid = x.classid
                      AND e.objid = x.oid
                      AND e.deptype IN ('e', 'i'))
 ORDER BY 1, 2, 3, 4

-- only: 90600-
-- Privileges of others than the owner on what no user has made: objects of
-- pg_catalog and of extensions, and languages; now: they are there; initial:
-- they were when it was made, of which nothing is kept for information_schema.
-- rows: kind, name, grantee, privilege, now, initial
SELECT x.kind, x.name, coalesce(r.rolname, 'PUBLIC') AS grantee,
       a.privilege_type AS privilege,
       pg_catalog.bool_or(a.now) AS now,
       pg_catalog.bool_or(NOT a.now) AS initial
  FROM (SELECT 'relation' AS kind, c.oid::pg_catalog.regclass::text AS name,
               c.relowner AS owner, c.relnamespace AS namespace,
               'pg_catalog.pg_class'::pg_catalog.regclass AS classid, c.oid,
               0 AS part, c.relacl AS acl,
               pg_catalog.acldefault(
                   CAST(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END
                        AS "char"), c.relowner) AS usual
          FROM pg_catalog.pg_class c
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        UNION ALL
        SELECT 'column', c.oid::pg_catalog.regclass::text || '.' ||
               pg_catalog.quote_ident(t.attname), c.relowner, c.relnamespace,
               'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, t.attnum,
               t.attacl, NULL
          FROM pg_catalog.pg_attribute t
          JOIN pg_catalog.pg_class c ON c.oid = t.attrelid
         WHERE t.attnum > 0
           AND NOT t.attisdropped
        UNION ALL
        SELECT 'function', p.oid::pg_catalog.regprocedure::text, p.proowner,
               p.pronamespace, 'pg_catalog.pg_proc'::pg_catalog.regclass,
               p.oid, 0, p.proacl, pg_catalog.acldefault('f', p.proowner)
          FROM pg_catalog.pg_proc p
        UNION ALL
        SELECT 'type', t.oid::pg_catalog.regtype::text, t.typowner,
               t.typnamespace, 'pg_catalog.pg_type'::pg_catalog.regclass,
               t.oid, 0, t.typacl, pg_catalog.acldefault('T', t.typowner)
          FROM pg_catalog.pg_type t
         WHERE t.typtype IN ('b', 'd', 'e', 'r')
           AND t.typcategory <> 'A'
        UNION ALL
        SELECT 'schema', pg_catalog.quote_ident(n.nspname), n.nspowner, n.oid,
               'pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid, 0,
               n.nspacl, pg_catalog.acldefault('n', n.nspowner)
          FROM pg_catalog.pg_namespace n
        UNION ALL
        SELECT 'language', pg_catalog.quote_ident(l.lanname), l.lanowner, NULL,
               'pg_catalog.pg_language'::pg_catalog.regclass, l.oid, 0,
               l.lanacl, pg_catalog.acldefault('l', l.lanowner)
          FROM pg_catalog.pg_language l) x
  LEFT JOIN pg_catalog.pg_namespace s ON s.oid = x.namespace
  LEFT JOIN pg_catalog.pg_init_privs i
       ON i.classoid = x.classid AND i.objoid = x.oid AND i.objsubid = x.part
 CROSS JOIN LATERAL
       (SELECT e.grantee, e.privilege_type, true AS now
          FROM pg_catalog.aclexplode(coalesce(x.acl, x.usual)) e
        UNION ALL
        SELECT e.grantee, e.privilege_type, false
          FROM pg_catalog.aclexplode(coalesce(i.initprivs, x.usual)) e) a
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
 WHERE a.grantee <> x.owner
   AND (a.grantee = 0 OR r.oid IS NOT NULL)
   AND NOT coalesce(r.rolsuper, false)
   AND a.privilege_type <> 'MAINTAIN'
   AND (s.nspname IS NULL
        OR s.nspname = 'pg_catalog'
        OR (s.nspname NOT LIKE 'pg\_%'
            AND s.nspname NOT IN ('information_schema', 'pgrepup',
                                  'pglogical', 'pglogical_origin')
            AND EXISTS (SELECT 1
                          FROM pg_catalog.pg_depend e
                         WHERE e.classid = x.classid
                           AND e.objid = x.oid
                           AND e.deptype = 'e')))
 GROUP BY 1, 2, 3, 4
 ORDER BY 1, 2, 3, 4

-- Who else than the owner has a right in a schema, as default privileges of
-- the role that made what is in it give away; what everybody may call is not
-- asked. role is null for PUBLIC. $1: schema.
-- rows: role?
SELECT DISTINCT r.rolname AS role
  FROM pg_catalog.pg_namespace n
 CROSS JOIN LATERAL
       (SELECT n.nspacl, n.nspowner, true
         UNION ALL
        SELECT c.relacl, c.relowner, true
          FROM pg_catalog.pg_class c
         WHERE c.relnamespace OPERATOR(pg_catalog.=) n.oid
         UNION ALL
        SELECT p.proacl, p.proowner, false
          FROM pg_catalog.pg_proc p
         WHERE p.pronamespace OPERATOR(pg_catalog.=) n.oid)
       g (acl, owner, everybody)
 CROSS JOIN LATERAL pg_catalog.aclexplode(g.acl) a
  LEFT JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) a.grantee
 WHERE n.nspname OPERATOR(pg_catalog.=) $1::pg_catalog.name
   AND a.grantee OPERATOR(pg_catalog.<>) g.owner
   AND (g.everybody OR a.grantee OPERATOR(pg_catalog.<>) 0::pg_catalog.oid)
 ORDER BY 1

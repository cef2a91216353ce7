-- Who else than the owner has a right in schema pgrepup, as default privileges
-- of the role that made it give away. role is null for PUBLIC.
SELECT DISTINCT r.rolname AS role
  FROM pg_catalog.pg_namespace n
 CROSS JOIN LATERAL
       (SELECT n.nspacl
         UNION ALL
        SELECT c.relacl
          FROM pg_catalog.pg_class c
         WHERE c.relnamespace OPERATOR(pg_catalog.=) n.oid) g (acl)
 CROSS JOIN LATERAL pg_catalog.aclexplode(g.acl) a
  LEFT JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) a.grantee
 WHERE n.nspname OPERATOR(pg_catalog.=) 'pgrepup'
   AND a.grantee OPERATOR(pg_catalog.<>) n.nspowner
 ORDER BY 1

-- Functions of pglogical that others than their owner may call: it checks no
-- rights itself, and some of them run what they are given as a superuser, here
-- or on the other side. role is null for PUBLIC; but for superusers, and
-- $1: the replication role.
-- rows: function, role?
SELECT p.oid::pg_catalog.regprocedure::text AS function, r.rolname AS role
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 CROSS JOIN LATERAL
       pg_catalog.aclexplode(
           coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
 WHERE n.nspname = 'pglogical'
   AND a.privilege_type = 'EXECUTE'
   AND a.grantee <> p.proowner
   AND (a.grantee = 0 OR (NOT r.rolsuper AND r.rolname <> $1::name))
 ORDER BY 1, 2

-- Who may call a function besides its owner. $1, $2: schema and name; $3: the
-- types of its arguments, as oidvectortypes says them.
-- rows: grantee, privilege, grantable
SELECT r.rolname AS grantee, a.privilege_type AS privilege,
       a.is_grantable AS grantable
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 CROSS JOIN LATERAL pg_catalog.aclexplode(p.proacl) a
  JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
 WHERE n.nspname = $1::name
   AND p.proname = $2::name
   AND pg_catalog.oidvectortypes(p.proargtypes) = $3::text
   AND a.grantee <> p.proowner
 ORDER BY 1

-- Privileges on a tablespace beside the owner's. $1: name.
-- rows: grantee?, privilege, grantable
SELECT r.rolname AS grantee, a.privilege_type AS privilege,
       a.is_grantable AS grantable
  FROM pg_catalog.pg_tablespace t
 CROSS JOIN LATERAL pg_catalog.aclexplode(t.spcacl) a
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
 WHERE t.spcname = $1::name
   AND a.grantee <> t.spcowner
   AND (a.grantee = 0 OR r.oid IS NOT NULL)
 ORDER BY 1, 2

-- Privileges on a database, those of the default included. $1: its name,
-- $2: a role that does not count.
-- rows: grantee?, privilege, grantable
SELECT r.rolname AS grantee,
       a.privilege_type AS privilege,
       a.is_grantable AS grantable
  FROM pg_catalog.pg_database d
 CROSS JOIN LATERAL pg_catalog.aclexplode(
           coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) a
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
 WHERE d.datname = $1::name
   AND (a.grantee = 0 OR (r.rolname <> $2::name AND a.grantee <> d.datdba))
 ORDER BY 1, 2

-- Settings of a database, for all roles (role is null) or for one. $1: its
-- name.
-- rows: role?, item
SELECT r.rolname AS role, c.item
  FROM pg_catalog.pg_db_role_setting s
  JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
 CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS c (item)
 WHERE d.datname = $1::name
   AND (s.setrole = 0 OR r.oid IS NOT NULL)
 ORDER BY 1, 2

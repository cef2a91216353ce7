-- Settings of roles that hold in every database. role is null for all roles.
-- rows: role?, item
SELECT r.rolname AS role, c.item
  FROM pg_catalog.pg_db_role_setting s
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
 CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS c (item)
 WHERE s.setdatabase = 0
   AND (s.setrole = 0 OR r.oid IS NOT NULL)
 ORDER BY 1, 2

-- Roles of users with names that are the server's own from 9.6 on.
-- rows: role
SELECT r.rolname AS role
  FROM pg_catalog.pg_roles r
 WHERE r.rolname LIKE 'pg\_%'
   AND r.oid >= 16384::pg_catalog.oid
 ORDER BY 1

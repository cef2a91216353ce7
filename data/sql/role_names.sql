-- The names of all roles, the server's own among them.
-- rows: name
SELECT r.rolname AS name
  FROM pg_catalog.pg_roles r
 ORDER BY 1

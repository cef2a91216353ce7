-- Is there a role of that name? $1: name.
-- rows: name
SELECT r.rolname AS name
  FROM pg_catalog.pg_roles r
 WHERE r.rolname = $1::name

-- Is there a role of that name that may log in? $1: its name.
-- rows: oid
SELECT r.oid
  FROM pg_catalog.pg_roles r
 WHERE r.rolname = $1::text
   AND r.rolcanlogin

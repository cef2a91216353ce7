-- $1: name of a role; no row where there is none.
SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = $1::text

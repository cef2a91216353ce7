-- Who can read what the replication role ($1) reads, without being a
-- superuser.
-- rows: role, attribute
SELECT r.rolname AS role, 'REPLICATION' AS attribute
  FROM pg_catalog.pg_roles r
 WHERE NOT r.rolsuper
   AND r.rolreplication
   AND r.rolname <> $1::name
   AND r.rolname <> current_user
 ORDER BY 1

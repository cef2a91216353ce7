-- Members of the replication role ($1) that are no superusers: who has made it
-- is one, from 16 on.
-- rows: role
SELECT m.rolname AS role
  FROM pg_catalog.pg_auth_members a
  JOIN pg_catalog.pg_roles r ON r.oid = a.roleid
  JOIN pg_catalog.pg_roles m ON m.oid = a.member
 WHERE r.rolname = $1::name
   AND NOT m.rolsuper
   AND m.rolname <> current_user
 ORDER BY 1

-- Who is a member of what; of roles like pg_... only those that are the server's
-- own, which those of 9.5 and older are not. grantor is null when that
-- role is gone.
-- rows: role, member, grantor?, admin, inherit?, set?
SELECT r.rolname AS role, m.rolname AS member, g.rolname AS grantor,
       a.admin_option AS admin, NULL::boolean AS inherit, NULL::boolean AS set
  FROM pg_catalog.pg_auth_members a
  JOIN pg_catalog.pg_roles r ON r.oid = a.roleid
  JOIN pg_catalog.pg_roles m ON m.oid = a.member
  LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantor
 WHERE m.rolname NOT LIKE 'pg\_%'
   AND (r.rolname NOT LIKE 'pg\_%' OR r.oid < 16384::pg_catalog.oid)
 ORDER BY admin DESC, 1, 2, 3

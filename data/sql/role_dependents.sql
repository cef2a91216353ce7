-- Who is a member of a role and no superuser, and how many objects of all
-- databases belong to it. $1: role.
-- rows: members?, objects
SELECT (SELECT pg_catalog.string_agg(m.rolname::text, ', '
                                     ORDER BY m.rolname)
          FROM pg_catalog.pg_auth_members a
          JOIN pg_catalog.pg_roles m ON m.oid = a.member
         WHERE a.roleid = r.oid
           AND NOT m.rolsuper) AS members,
       (SELECT pg_catalog.count(*)
          FROM pg_catalog.pg_shdepend d
         WHERE d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
           AND d.refobjid = r.oid
           AND d.deptype = 'o') AS objects
  FROM pg_catalog.pg_roles r
 WHERE r.rolname = $1::name

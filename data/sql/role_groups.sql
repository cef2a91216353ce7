-- The roles that a role is a member of, also through others. $1: name.
-- rows: name
WITH RECURSIVE member AS (
    SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = $1::text
    UNION
    SELECT m.roleid
      FROM pg_catalog.pg_auth_members m
      JOIN member ON member.oid = m.member
)
SELECT r.rolname AS name
  FROM member
  JOIN pg_catalog.pg_roles r ON r.oid = member.oid
 WHERE r.rolname <> $1::text

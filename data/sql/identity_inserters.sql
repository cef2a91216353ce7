-- Who may insert into a table or what is below it, and so must be able to
-- use the sequence of a new column; null for PUBLIC. $1: oid of the root.
-- rows: role?
WITH RECURSIVE tree AS (
    SELECT $1::oid AS oid
    UNION
    SELECT h.inhrelid
      FROM tree t
      JOIN pg_catalog.pg_inherits h ON h.inhparent = t.oid
), granted AS (
    SELECT (pg_catalog.aclexplode(c.relacl)).*
      FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid
    UNION ALL
    SELECT (pg_catalog.aclexplode(a.attacl)).*
      FROM tree t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid
), inserters AS (
    SELECT g.grantee AS role FROM granted g
     WHERE g.privilege_type = 'INSERT'
    UNION
    SELECT c.relowner
      FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid
)
SELECT r.rolname AS role
  FROM inserters i
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = i.role
 WHERE i.role <> (SELECT c.relowner FROM pg_catalog.pg_class c
                   WHERE c.oid = $1::oid)
 ORDER BY 1

-- Prepared transactions of a database: each may still be committed. $1: name.
-- rows: name, role?
SELECT x.gid AS name, x.owner AS role
  FROM pg_catalog.pg_prepared_xacts x
 WHERE x.database = $1::text
 ORDER BY 1

-- May a role connect to this database? $1: role.
-- row: may
SELECT pg_catalog.has_database_privilege($1::name, d.oid, 'CONNECT') AS may
  FROM pg_catalog.pg_database d
 WHERE d.datname = pg_catalog.current_database()

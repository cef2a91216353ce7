-- A row when a schema has our name in this database, whosever it is.
-- rows: name
SELECT n.nspname AS name
  FROM pg_catalog.pg_namespace n
 WHERE n.nspname OPERATOR(pg_catalog.=) 'pgrepup'::pg_catalog.name

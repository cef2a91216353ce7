-- The extensions of a database that travel.
-- rows: name, version
SELECT e.extname AS name, e.extversion AS version
  FROM pg_catalog.pg_extension e
 WHERE e.extname NOT IN ('pglogical', 'pglogical_origin')
 ORDER BY e.extname

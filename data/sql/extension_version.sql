-- Version of an extension in this database; no row when it is not there.
-- $1: name.
-- rows: version
SELECT e.extversion AS version
  FROM pg_catalog.pg_extension e
 WHERE e.extname = $1::text

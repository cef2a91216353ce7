-- only: 90400-99999
-- The schema in which extension dblink is installed; no row where it is not.
-- rows: nspname
SELECT n.nspname
  FROM pg_catalog.pg_extension e
  JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
 WHERE e.extname = 'dblink'

-- The functions of pglogical, as GRANT names them.
-- rows: function
SELECT p.oid::pg_catalog.regprocedure::text AS function
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname = 'pglogical'
 ORDER BY 1

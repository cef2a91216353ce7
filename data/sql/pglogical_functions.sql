-- Functions of pglogical by one of these names, as GRANT names them.
-- $1: array of names.
-- rows: function
SELECT p.oid::pg_catalog.regprocedure::text AS function
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname = 'pglogical'
   AND p.proname::text = ANY ($1::text[])
 ORDER BY 1

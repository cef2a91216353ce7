-- Tables that are there and stay behind. $1: SCHEMA.TABLE of those that the
-- configuration leaves out.
-- rows: schema, name
SELECT n.nspname AS schema,
       c.relname AS name
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p')
   AND n.nspname || '.' || c.relname = ANY ($1::text[])
 ORDER BY 1, 2

-- Tables of extensions that hold rows of their users (pg_dump carries those).
-- $1: tables left out.
-- rows: schema, name, current?
SELECT n.nspname AS schema,
       c.relname AS name,
       e.extname || ', ' ||
       pg_catalog.pg_size_pretty(pg_catalog.pg_table_size(c.oid)) AS current
  FROM pg_catalog.pg_extension e
  JOIN pg_catalog.pg_class c ON c.oid = ANY (e.extconfig)
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r'
   AND pg_catalog.pg_relation_size(c.oid) > 0
   AND e.extname NOT IN ('pglogical', 'pglogical_origin')
   AND NOT (n.nspname || '.' || c.relname) = ANY ($1::text[])
 ORDER BY 1, 2

-- only: 100000-
-- The tables that any of two publications names, one by one. $1, $2: their
-- names.
-- rows: schema, name
SELECT DISTINCT n.nspname AS schema, c.relname AS name
  FROM pg_catalog.pg_publication p
  JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid
  JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE p.pubname IN ($1::text, $2::text)
   AND n.nspname <> 'pgrepup'

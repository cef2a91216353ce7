-- only: 100000-
-- The tables of others that a publication names, one by one. $1: its name.
-- rows: schema, name
SELECT n.nspname AS schema, c.relname AS name
  FROM pg_catalog.pg_publication p
  JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid
  JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE p.pubname = $1::text
   AND n.nspname <> 'pgrepup'
 ORDER BY 1, 2

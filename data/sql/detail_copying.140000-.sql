-- The tables that are filled now, and how many rows they have already.
-- rows: schema, name, rows?
SELECT n.nspname AS schema,
       c.relname AS name,
       p.tuples_processed AS rows
  FROM pg_catalog.pg_stat_progress_copy p
  JOIN pg_catalog.pg_class c ON c.oid = p.relid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE p.datname = pg_catalog.current_database()
   AND p.command = 'COPY FROM'

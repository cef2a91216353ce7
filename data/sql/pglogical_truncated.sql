-- The table that was truncated last of those that foreign keys of others point
-- to: pglogical truncates tables one by one, which such keys forbid.
-- rows: name
SELECT n.nspname || '.' || c.relname AS name
  FROM pglogical.queue q (queued, by, sets, kind, body)
  JOIN pg_catalog.pg_namespace n ON n.nspname = q.body ->> 'schema_name'
  JOIN pg_catalog.pg_class c
       ON c.relnamespace = n.oid AND c.relname = q.body ->> 'table_name'
 WHERE q.kind = 'T'
   AND EXISTS (SELECT 1
                 FROM pg_catalog.pg_constraint f
                WHERE f.contype = 'f'
                  AND f.confrelid = c.oid
                  AND f.conrelid <> c.oid)
 ORDER BY q.queued DESC
 LIMIT 1

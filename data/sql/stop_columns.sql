-- The columns of every table, in words that mean the same on both sides and in
-- an order that is the same when a column was added on both by hand.
-- rows: name, definition
SELECT n.nspname || '.' || c.relname AS name,
       coalesce(pg_catalog.string_agg(
                    '"' || a.attname || '" ' ||
                    pg_catalog.format_type(a.atttypid, a.atttypmod), ', '
                    ORDER BY a.attname::text COLLATE "C"), '') AS definition
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a
       ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind = 'r'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgrepup',
                         'pglogical', 'pglogical_origin')
   AND n.nspname NOT LIKE 'pg\_%'
 GROUP BY 1

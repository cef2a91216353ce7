-- The replica identity of a table: d, f, n, or i:INDEX. No row when there is
-- no such table. $1: schema, $2: table.
-- rows: identity
SELECT CASE WHEN c.relreplident = 'i'
            THEN 'i:' || coalesce((SELECT x.relname::text
                                     FROM pg_catalog.pg_index i
                                     JOIN pg_catalog.pg_class x
                                       ON x.oid = i.indexrelid
                                    WHERE i.indrelid = c.oid
                                      AND i.indisreplident), '')
            ELSE c.relreplident::text END AS identity
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = $1::text AND c.relname = $2::text
   AND c.relkind IN ('r', 'p')

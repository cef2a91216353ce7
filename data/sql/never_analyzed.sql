-- Is there a table with rows for which ANALYZE was never run?
-- row: needed
SELECT EXISTS (SELECT 1
                 FROM pg_catalog.pg_stat_user_tables s
                 JOIN pg_catalog.pg_class c ON c.oid = s.relid
                WHERE s.last_analyze IS NULL
                  AND s.last_autoanalyze IS NULL
                  AND s.schemaname NOT IN ('pgrepup', 'pglogical',
                                           'pglogical_origin')
                  AND c.relkind = 'r'
                  AND pg_catalog.pg_relation_size(c.oid) > 0) AS needed

-- Every database of this cluster, and whether a worker applies changes there.
-- rows: name, applying
SELECT d.datname AS name,
       EXISTS (SELECT 1
                 FROM pg_catalog.pg_stat_activity a
                WHERE a.datid = d.oid
                  AND a.backend_type <> 'client backend'
                  AND a.application_name LIKE 'pglogical apply %')
       OR EXISTS (SELECT 1
                    FROM pg_catalog.pg_subscription s
                    JOIN pg_catalog.pg_stat_subscription w
                         ON w.subid = s.oid
                   WHERE s.subdbid = d.oid
                     AND s.subname LIKE 'pgrepup\_%'
                     AND w.relid IS NULL
                     AND w.pid IS NOT NULL) AS applying
  FROM pg_catalog.pg_database d
 WHERE d.datallowconn
 ORDER BY 1

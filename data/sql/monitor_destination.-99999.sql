-- Every database of this cluster, and whether a worker applies changes there.
-- rows: name, applying
SELECT d.datname AS name,
       EXISTS (SELECT 1
                 FROM pg_catalog.pg_stat_activity a
                WHERE a.datid = d.oid
                  AND a.client_port IS NULL
                  AND a.application_name LIKE 'pglogical apply %') AS applying
  FROM pg_catalog.pg_database d
 WHERE d.datallowconn
 ORDER BY 1

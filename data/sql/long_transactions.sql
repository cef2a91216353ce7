-- Transactions that have been open for more than ten seconds: making a slot
-- waits for them. Those of walsenders and of vacuum are no obstacle.
-- rows: pid, role, database, application, age
SELECT a.pid,
       a.usename AS role,
       coalesce(a.datname, '') AS database,
       coalesce(nullif(a.application_name, ''), a.state, '') AS application,
       pg_catalog.date_trunc('second', pg_catalog.now() - a.xact_start) AS age
  FROM pg_catalog.pg_stat_activity a
 WHERE a.xact_start < pg_catalog.now() - interval '10 seconds'
   AND a.pid <> pg_catalog.pg_backend_pid()
   AND a.usename IS NOT NULL
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_stat_replication r
                    WHERE r.pid = a.pid)
 ORDER BY a.xact_start

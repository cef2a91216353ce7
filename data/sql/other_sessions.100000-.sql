-- Who else is connected to a database, pgrepup and the workers of its subscription
-- left out. $1: its name.
SELECT a.usename AS role, a.application_name AS application, a.pid
  FROM pg_catalog.pg_stat_activity a
 WHERE a.datname = $1::name
   AND a.pid <> pg_catalog.pg_backend_pid()
   AND a.usename IS NOT NULL
   AND a.application_name NOT LIKE 'pglogical %'
   AND a.application_name <> 'pgrepup'
   AND a.query NOT LIKE 'autovacuum:%'
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_stat_subscription w
                    WHERE w.pid = a.pid AND w.subname LIKE 'pgrepup\_%')
 ORDER BY a.pid

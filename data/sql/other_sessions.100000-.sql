-- Who else is connected to a database, pgrepup and the workers of its
-- subscription left out. A name that anybody may give to his session is not
-- believed alone: ours are of this role, workers are no client. $1: its name.
-- rows: role, application?, pid
SELECT a.usename AS role, a.application_name AS application, a.pid
  FROM pg_catalog.pg_stat_activity a
 WHERE a.datname = $1::name
   AND a.pid <> pg_catalog.pg_backend_pid()
   AND a.usename IS NOT NULL
   AND NOT (coalesce(a.application_name, '') OPERATOR(pg_catalog.=) 'pgrepup'
            AND a.usename OPERATOR(pg_catalog.=) current_user)
   AND NOT (coalesce(a.backend_type, '') OPERATOR(pg_catalog.<>) 'client backend'
            AND coalesce(a.application_name, '') OPERATOR(pg_catalog.~~) 'pglogical %')
   AND coalesce(a.backend_type, '') OPERATOR(pg_catalog.<>)
       'autovacuum worker'
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_stat_subscription w
                    WHERE w.pid = a.pid AND w.subname LIKE 'pgrepup\_%')
 ORDER BY a.pid

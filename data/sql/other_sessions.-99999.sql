-- Who else is connected to a database, pgrepup and pglogical's own workers
-- left out. A name that anybody may give to his session is not believed alone:
-- ours are of this role, workers have no client. $1: its name.
-- rows: role, application?, pid
SELECT a.usename AS role, a.application_name AS application, a.pid
  FROM pg_catalog.pg_stat_activity a
 WHERE a.datname = $1::name
   AND a.pid <> pg_catalog.pg_backend_pid()
   AND a.usename IS NOT NULL
   AND NOT (coalesce(a.application_name, '') OPERATOR(pg_catalog.=) 'pgrepup'
            AND a.usename OPERATOR(pg_catalog.=) current_user)
   AND (a.client_port IS NOT NULL
        OR (coalesce(a.application_name, '') OPERATOR(pg_catalog.!~~) 'pglogical %'
            AND coalesce(a.query, '') OPERATOR(pg_catalog.!~~) 'autovacuum:%'))
 ORDER BY a.pid

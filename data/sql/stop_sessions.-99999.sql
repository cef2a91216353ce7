-- Sessions connected to a database, but for replication and pgrepup's own.
-- What this role may not see of a session is null, and still a session.
-- $1: database.
SELECT a.pid,
       a.usename AS role,
       coalesce(a.application_name, '') AS application,
       coalesce(pg_catalog.host(a.client_addr), 'local') AS client,
       coalesce(a.state, '') AS state
  FROM pg_catalog.pg_stat_activity a
 WHERE a.datname = $1::text
   AND a.pid <> pg_catalog.pg_backend_pid()
   AND NOT (coalesce(a.application_name, '') = 'pgrepup'
            AND a.usename = current_user)
   AND coalesce(a.application_name, '') NOT LIKE 'pglogical manager %'
   AND coalesce(a.application_name, '') NOT LIKE 'pglogical supervisor%'
   AND coalesce(a.query, '') NOT LIKE 'autovacuum: %'
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_stat_replication r
                    WHERE r.pid = a.pid)
 ORDER BY 1

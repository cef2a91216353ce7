-- Sessions connected to a database, but for replication and pgrepup's own.
-- What this role may not see of a session is null, and still a session; what
-- has no user is a process of the server.
-- $1: database.
-- rows: pid, role?, application, client, state
SELECT a.pid,
       a.usename AS role,
       coalesce(a.application_name, '') AS application,
       coalesce(pg_catalog.host(a.client_addr), 'local') AS client,
       coalesce(a.state, a.backend_type, '') AS state
  FROM pg_catalog.pg_stat_activity a
 WHERE a.datname = $1::text
   AND a.pid <> pg_catalog.pg_backend_pid()
   AND NOT (coalesce(a.application_name, '') = 'pgrepup'
            AND a.usename = current_user)
   AND coalesce(a.backend_type, '') NOT IN (
           'walsender', 'autovacuum worker', 'autovacuum launcher',
           'parallel worker', 'logical replication launcher')
   AND (a.backend_type IS NOT NULL OR a.usesysid IS NOT NULL)
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_stat_replication r
                    WHERE r.pid = a.pid)
   AND coalesce(a.backend_type, '') NOT LIKE 'pglogical manager%'
   AND coalesce(a.backend_type, '') NOT LIKE 'pglogical supervisor%'
 ORDER BY 1

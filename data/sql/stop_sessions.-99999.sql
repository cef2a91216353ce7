-- Sessions connected to a database, but for replication and pgrepup's own.
-- What this role may not see of a session is null, and still a session.
-- $1: database.
-- rows: pid, role?, application, client, state
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
   -- processes of the server, which have no client: nobody else is let pass
   -- by the name that he gave to his session, or by what he sent
   AND NOT (a.client_port IS NULL
            AND (coalesce(a.application_name, '') LIKE 'pglogical manager %'
                 OR coalesce(a.application_name, '')
                    LIKE 'pglogical supervisor%'
                 OR coalesce(a.query, '') LIKE 'autovacuum: %'))
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_stat_replication r
                    WHERE r.pid = a.pid)
 ORDER BY 1

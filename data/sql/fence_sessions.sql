-- Sessions behind the fence of a database that are neither pgrepup's nor a
-- superuser's, whom no fence keeps out. $1: its name.
-- rows: pid, role?, application, client, state
SELECT a.pid,
       a.usename AS role,
       coalesce(a.application_name, '') AS application,
       coalesce(pg_catalog.host(a.client_addr), 'local') AS client,
       coalesce(a.state, '') AS state
  FROM pg_catalog.pg_stat_activity a
  JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid
 WHERE a.datname = $1::name
   AND NOT r.rolsuper
   AND r.rolname <> current_user
 ORDER BY 1

-- The workers of pglogical in this database of the destination. It does not
-- say when a message came last.
-- rows: what, pid, state?, seconds?, message_seconds?
SELECT a.application_name AS what,
       a.pid,
       a.state,
       extract(epoch FROM pg_catalog.clock_timestamp()
                          - a.backend_start) AS seconds,
       NULL::double precision AS message_seconds
  FROM pg_catalog.pg_stat_activity a
 WHERE a.datname = pg_catalog.current_database()
   AND a.client_port IS NULL   -- no session that calls itself so
   AND a.application_name LIKE 'pglogical %'
 ORDER BY 1

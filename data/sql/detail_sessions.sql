-- What pgrepup itself does in this database now, longest first. Statements
-- that may hold a secret are not shown.
SELECT a.pid,
       a.state,
       extract(epoch FROM pg_catalog.clock_timestamp()
                          - a.query_start) AS seconds,
       CASE WHEN a.query ~ '^(COPY|CREATE (UNIQUE )?INDEX|ALTER TABLE|TRUNCATE)'
            THEN pg_catalog.left(a.query, 200)
       END AS doing
  FROM pg_catalog.pg_stat_activity a
 WHERE a.datname = pg_catalog.current_database()
   AND a.application_name = 'pgrepup'
   AND a.state = 'active'
   AND a.pid <> pg_catalog.pg_backend_pid()
 ORDER BY a.query_start

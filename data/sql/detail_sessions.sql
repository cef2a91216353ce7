-- What pgrepup itself does in this database now, longest first. Of its
-- statements only those are shown that never hold a secret.
-- rows: pid, state?, seconds?, doing?
SELECT a.pid,
       a.state,
       extract(epoch FROM pg_catalog.clock_timestamp()
                          - a.query_start) AS seconds,
       pg_catalog.left(pg_catalog.substring(a.query,
           '((?:COPY|CREATE (?:UNIQUE )?INDEX|ALTER TABLE|TRUNCATE) [^;]*)'
       ), 200) AS doing
  FROM pg_catalog.pg_stat_activity a
 WHERE a.datname = pg_catalog.current_database()
   AND a.application_name OPERATOR(pg_catalog.=) 'pgrepup'
   AND a.usename OPERATOR(pg_catalog.=) current_user
   AND a.state = 'active'
   AND a.pid <> pg_catalog.pg_backend_pid()
 ORDER BY a.query_start

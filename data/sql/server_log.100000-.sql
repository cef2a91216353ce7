-- Path of the server's own log file; null when it keeps none.
-- row: path?
SELECT coalesce(pg_catalog.pg_current_logfile('stderr'),
                pg_catalog.pg_current_logfile('csvlog')) AS path

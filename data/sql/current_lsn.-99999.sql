-- How far this server has written WAL.
-- row: lsn
SELECT pg_catalog.pg_current_xlog_location()::text AS lsn

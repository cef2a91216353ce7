-- How far this server has written WAL.
SELECT pg_catalog.pg_current_xlog_location()::text AS lsn

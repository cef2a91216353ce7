-- How far this server has written WAL.
SELECT pg_catalog.pg_current_wal_lsn()::text AS lsn

-- How far this server has written WAL.
-- row: lsn
SELECT pg_catalog.pg_current_wal_lsn()::text AS lsn

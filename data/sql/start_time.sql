-- When the server was started.
-- row: pg_postmaster_start_time
SELECT pg_catalog.pg_postmaster_start_time()

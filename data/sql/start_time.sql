-- When the server was started.
SELECT pg_catalog.pg_postmaster_start_time()

-- The process that serves this session.
-- row: pg_backend_pid
SELECT pg_catalog.pg_backend_pid()

-- $1: process.
-- row: pg_terminate_backend
SELECT pg_catalog.pg_terminate_backend($1)

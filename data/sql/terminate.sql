-- Ends a backend. $1: its pid.
SELECT pg_catalog.pg_terminate_backend($1::integer)

-- Makes the server read its configuration files again.
-- row: pg_reload_conf
SELECT pg_catalog.pg_reload_conf()

-- An error (22023) where the server's system does not know that locale.
-- $1: its name.
-- row: set_config
SELECT pg_catalog.set_config('lc_time', $1::text, true)

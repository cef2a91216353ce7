-- Does the server speak SSL? Everybody may ask.
-- row: ssl
SELECT pg_catalog.current_setting('ssl') AS ssl

-- Does the server speak SSL? Everybody may ask.
SELECT pg_catalog.current_setting('ssl') AS ssl

-- Does this server log debug messages?
SELECT pg_catalog.current_setting('log_min_messages') LIKE 'debug%' AS debug

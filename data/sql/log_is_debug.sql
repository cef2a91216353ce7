-- Does this server log debug messages?
-- row: debug
SELECT pg_catalog.current_setting('log_min_messages') LIKE 'debug%' AS debug

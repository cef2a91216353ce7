-- Where this server's pg_hba.conf is.
-- row: current_setting
SELECT pg_catalog.current_setting('hba_file')

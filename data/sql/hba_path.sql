-- Where this server's pg_hba.conf is.
SELECT pg_catalog.current_setting('hba_file')

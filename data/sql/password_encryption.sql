-- How this server keeps passwords: before 10 "on" or "off", both mean md5.
SELECT pg_catalog.current_setting('password_encryption') AS setting

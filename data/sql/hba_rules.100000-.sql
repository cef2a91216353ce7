-- only: 100000-
-- The rules in pg_hba.conf as the file is now; words are separated by chr(1).
-- rows: line?, type?, databases?, users?, address?, netmask?, auth_method?
-- rows: error?
SELECT r.line_number AS line,
       r.type,
       pg_catalog.array_to_string(r.database, pg_catalog.chr(1)) AS databases,
       pg_catalog.array_to_string(r.user_name, pg_catalog.chr(1)) AS users,
       r.address,
       r.netmask,
       r.auth_method,
       r.error
  FROM pg_catalog.pg_hba_file_rules r

-- One setting: no row where the server has none of that name. $1: name.
-- rows: setting?, boot_val?, source, restart
SELECT s.setting,
       s.boot_val,
       s.source,
       s.context = 'postmaster' AS restart
  FROM pg_catalog.pg_settings s
 WHERE s.name = $1::text

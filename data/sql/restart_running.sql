-- restart_settings for a role that may not look into the files: what the
-- server runs with stands for what they say.
-- rows: name, next?, next_other?, fixed
SELECT s.name,
       s.setting AS next,
       s.setting AS next_other,
       s.source = 'command line' AS fixed
  FROM pg_catalog.pg_settings s
 WHERE s.context IN ('postmaster', 'sighup')

-- The settings that a restart would change. A session that has looked into the
-- files (restart_settings) knows them as they are now, any other as they were
-- when the server read them last. One that is given on the command line stays.
-- rows: name
SELECT s.name
  FROM pg_catalog.pg_settings s
 WHERE s.pending_restart
   AND s.source <> 'command line'
 ORDER BY s.name

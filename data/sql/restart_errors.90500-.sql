-- only: 90500-
-- The lines of the files with which no server starts. A value that could not
-- be applied is none of them when it only waits for a restart, which a session
-- knows that has looked into the files before (restart_settings); one that is
-- in no file was taken out of it, which is told without its name.
-- rows: sourcefile, sourceline?, name?, error
SELECT x.sourcefile, x.sourceline, x.name, x.error
  FROM pg_catalog.pg_file_settings x
  LEFT JOIN pg_catalog.pg_settings s ON s.name = pg_catalog.lower(x.name)
 WHERE x.error IS NOT NULL
   AND x.sourcefile IS NOT NULL
   AND NOT coalesce(s.pending_restart, false)
 ORDER BY x.sourcefile, x.sourceline

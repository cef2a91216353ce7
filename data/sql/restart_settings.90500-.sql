-- Every setting that a server reads at its start: next is what it would be
-- after a restart, by the files as they are now, next_other the same without
-- ALTER SYSTEM. What is given on the command line is taken to be so again.
-- rows: name, next?, next_other?, fixed
WITH files AS (
    SELECT pg_catalog.lower(x.name) AS name,
           x.sourcefile LIKE '%/postgresql.auto.conf' AS altered,
           (pg_catalog.array_agg(x.setting ORDER BY x.seqno DESC))[1]
               AS setting
      FROM pg_catalog.pg_file_settings x
     WHERE x.name IS NOT NULL
     GROUP BY 1, 2
)
SELECT s.name,
       CASE WHEN s.source = 'command line' THEN s.setting
            ELSE coalesce(a.setting, o.setting, s.boot_val) END AS next,
       CASE WHEN s.source = 'command line' THEN s.setting
            ELSE coalesce(o.setting, s.boot_val) END AS next_other,
       s.source = 'command line' AS fixed
  FROM pg_catalog.pg_settings s
  LEFT JOIN files a ON a.name = s.name AND a.altered
  LEFT JOIN files o ON o.name = s.name AND NOT o.altered
 WHERE s.context IN ('postmaster', 'sighup')

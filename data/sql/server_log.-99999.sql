-- Path of the server's own log file; null when it keeps none.
-- row: path?
SELECT CASE pg_catalog.current_setting('logging_collector') WHEN 'on' THEN
       (SELECT pg_catalog.current_setting('log_directory') || '/' || f.name
          FROM pg_catalog.pg_ls_dir(
                   pg_catalog.current_setting('log_directory')) AS f (name)
         ORDER BY (pg_catalog.pg_stat_file(
                       pg_catalog.current_setting('log_directory') || '/' ||
                       f.name)).modification DESC
         LIMIT 1) END AS path

-- Is a file of the server within its data folder? $1: path.
-- row: inside
SELECT pg_catalog.left($1::text, pg_catalog.length(d.folder))
       OPERATOR(pg_catalog.=) d.folder AS inside
  FROM (SELECT pg_catalog.current_setting('data_directory')
               OPERATOR(pg_catalog.||) '/') AS d (folder)

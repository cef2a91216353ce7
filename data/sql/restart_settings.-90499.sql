-- Every setting that a server reads at its start: next is what it would be
-- after a restart, next_other the same without ALTER SYSTEM. 9.4 does not show
-- the other files, so the running value stands for them, or the default where
-- that value is ALTER SYSTEM's own.
-- rows: name, next?, next_other?, fixed
SELECT s.name,
       CASE WHEN s.source = 'command line' THEN s.setting
            ELSE coalesce(f.altered, o.other) END AS next,
       CASE WHEN s.source = 'command line' THEN s.setting
            ELSE o.other END AS next_other,
       s.source = 'command line' AS fixed
  FROM pg_catalog.pg_settings s
 CROSS JOIN LATERAL (SELECT CASE WHEN s.sourcefile
                                      LIKE '%/postgresql.auto.conf'
                                 THEN s.boot_val
                                 ELSE s.setting END AS other) o
  LEFT JOIN (SELECT m.parts[1] AS name,
                    pg_catalog.replace(m.parts[2], '''''', '''') AS altered
               FROM pg_catalog.regexp_split_to_table(
                        pg_catalog.pg_read_file('postgresql.auto.conf'),
                        '\n') AS line,
                    pg_catalog.regexp_matches(
                        line, '^([a-z_0-9.]+) = ''(.*)''$') AS m (parts)) f
    ON f.name = s.name
 WHERE s.context IN ('postmaster', 'sighup')

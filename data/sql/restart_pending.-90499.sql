-- The settings that a restart would change, as far as ALTER SYSTEM has set
-- them: of other files 9.4 tells nothing. Those with a unit are left out.
-- rows: name
SELECT s.name
  FROM pg_catalog.pg_settings s
  JOIN (SELECT m.parts[1] AS name,
               pg_catalog.replace(m.parts[2], '''''', '''') AS altered
          FROM pg_catalog.regexp_split_to_table(
                   pg_catalog.pg_read_file('postgresql.auto.conf'),
                   '\n') AS line,
               pg_catalog.regexp_matches(
                   line, '^([a-z_0-9.]+) = ''(.*)''$') AS m (parts)) f
    ON f.name = s.name
 WHERE s.context = 'postmaster'
   AND s.unit IS NULL
   AND s.source <> 'command line'
   AND s.setting <> f.altered
 ORDER BY s.name

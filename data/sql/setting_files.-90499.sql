-- What ALTER SYSTEM has written for a setting; 9.4 does not show the other
-- files, so without it the running value stands for them. $1: name.
-- rows: next?, next_other?, altered?
SELECT coalesce(f.altered, s.setting) AS next,
       CASE WHEN s.sourcefile LIKE '%/postgresql.auto.conf' THEN NULL
            ELSE s.setting END AS next_other,
       f.altered
  FROM pg_catalog.pg_settings s
  LEFT JOIN (SELECT pg_catalog.replace(m.parts[2], '''''', '''') AS altered
               FROM pg_catalog.regexp_split_to_table(
                        pg_catalog.pg_read_file('postgresql.auto.conf'),
                        '\n') AS line,
                    pg_catalog.regexp_matches(
                        line, '^([a-z_0-9.]+) = ''(.*)''$') AS m (parts)
              WHERE m.parts[1] = $1::text) f ON true
 WHERE s.name = $1::text

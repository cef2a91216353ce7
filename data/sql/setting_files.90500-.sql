-- What the files say of a setting, read now: next is in force after a
-- restart, next_other without ALTER SYSTEM, altered is ALTER SYSTEM's own.
-- $1: name.
-- rows: next?, next_other?, altered?
SELECT coalesce(f.altered, f.other, s.boot_val) AS next,
       coalesce(f.other, s.boot_val) AS next_other,
       f.altered
  FROM pg_catalog.pg_settings s,
       (SELECT (SELECT x.setting
                  FROM pg_catalog.pg_file_settings x
                 WHERE x.name = $1::text
                   AND x.sourcefile LIKE '%/postgresql.auto.conf'
                 ORDER BY x.seqno DESC LIMIT 1) AS altered,
               (SELECT x.setting
                  FROM pg_catalog.pg_file_settings x
                 WHERE x.name = $1::text
                   AND x.sourcefile NOT LIKE '%/postgresql.auto.conf'
                 ORDER BY x.seqno DESC LIMIT 1) AS other) f
 WHERE s.name = $1::text

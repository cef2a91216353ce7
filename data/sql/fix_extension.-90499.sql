-- Extension pglogical of this database, when it is behind what the server
-- has; and on 9.4 pglogical_origin, without which it cannot be created.
-- rows: name, installed?, available?, variant
SELECT a.name,
       a.installed_version AS installed,
       a.default_version AS available,
       CASE WHEN a.installed_version IS NULL THEN 'create' ELSE 'update' END
         AS variant
  FROM pg_catalog.pg_available_extensions a
 WHERE (a.name = 'pglogical_origin' AND a.installed_version IS NULL)
    OR (a.name = 'pglogical' AND a.installed_version <> a.default_version)
 ORDER BY a.name DESC

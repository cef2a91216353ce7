-- Extension pglogical of this database, when it is behind what the server
-- has.
-- rows: name, installed, available, variant
SELECT e.extname AS name,
       e.extversion AS installed,
       a.default_version AS available,
       'update' AS variant
  FROM pg_catalog.pg_extension e
  JOIN pg_catalog.pg_available_extensions a ON a.name = e.extname
 WHERE e.extname = 'pglogical'
   AND e.extversion <> a.default_version

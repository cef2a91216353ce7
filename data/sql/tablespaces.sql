-- The tablespaces that someone made.
-- rows: name, location
SELECT t.spcname AS name,
       pg_catalog.pg_tablespace_location(t.oid) AS location
  FROM pg_catalog.pg_tablespace t
 WHERE t.spcname NOT IN ('pg_default', 'pg_global')
 ORDER BY t.spcname

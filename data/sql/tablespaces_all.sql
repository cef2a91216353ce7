-- Tablespaces other than the server's own two.
-- rows: name, owner, location, options?, comment?
SELECT t.spcname AS name,
       pg_catalog.pg_get_userbyid(t.spcowner) AS owner,
       pg_catalog.pg_tablespace_location(t.oid) AS location,
       pg_catalog.array_to_string(t.spcoptions, ', ') AS options,
       pg_catalog.shobj_description(t.oid, 'pg_tablespace') AS comment
  FROM pg_catalog.pg_tablespace t
 WHERE t.spcname NOT LIKE 'pg\_%'
 ORDER BY t.spcname

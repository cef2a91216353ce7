-- Every database of the cluster, without what takes the server time to tell.
-- rows: name, is_template, allow_connections
SELECT d.datname AS name,
       d.datistemplate AS is_template,
       d.datallowconn AND d.datconnlimit <> -2 AS allow_connections
  FROM pg_catalog.pg_database d
 ORDER BY d.datname

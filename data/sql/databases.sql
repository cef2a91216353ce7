-- Every database of the cluster. The size is left out where the role may not
-- connect.
-- rows: name, owner?, encoding, collate, ctype, tablespace?, connection_limit
-- rows: is_template, allow_connections, size?
SELECT d.datname AS name,
       r.rolname AS owner,
       pg_catalog.pg_encoding_to_char(d.encoding) AS encoding,
       d.datcollate AS "collate",
       d.datctype AS ctype,
       t.spcname AS tablespace,
       d.datconnlimit AS connection_limit,
       d.datistemplate AS is_template,
       d.datallowconn AND d.datconnlimit <> -2 AS allow_connections,
       CASE WHEN pg_catalog.has_database_privilege(d.oid, 'CONNECT')
            THEN pg_catalog.pg_database_size(d.oid)
       END AS size
  FROM pg_catalog.pg_database d
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = d.datdba
  LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace
 ORDER BY d.datname

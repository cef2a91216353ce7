-- What belongs to a database and is in no dump of it. $1: its name.
-- rows: owner, connection_limit, comment?
SELECT pg_catalog.pg_get_userbyid(d.datdba) AS owner,
       d.datconnlimit AS connection_limit,
       pg_catalog.shobj_description(d.oid, 'pg_database') AS comment
  FROM pg_catalog.pg_database d
 WHERE d.datname = $1::name

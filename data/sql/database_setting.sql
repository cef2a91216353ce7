-- A setting of this very database, for all roles; no row when there is none.
-- $1: name.
-- rows: value
SELECT pg_catalog.substr(c.item, pg_catalog.length($1::text) + 2) AS value
  FROM pg_catalog.pg_db_role_setting s
  JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
 CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS c (item)
 WHERE d.datname = pg_catalog.current_database()
   AND s.setrole = 0
   AND pg_catalog.split_part(c.item, '=', 1) = $1::text

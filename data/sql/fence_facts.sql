-- What lets others into a database, and who could change it. $1: its name.
-- rows: owner, connection_limit, public?
SELECT pg_catalog.pg_get_userbyid(d.datdba) AS owner,
       d.datconnlimit AS connection_limit,
       (SELECT pg_catalog.string_agg(a.privilege_type, ', ')
          FROM pg_catalog.aclexplode(
                   coalesce(d.datacl,
                            pg_catalog.acldefault('d', d.datdba))) a
         WHERE a.grantee = 0) AS public
  FROM pg_catalog.pg_database d
 WHERE d.datname = $1::name

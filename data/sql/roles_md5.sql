-- Roles that log in by a password of which only the md5 hash is kept.
-- rows: name
SELECT a.rolname AS name
  FROM pg_catalog.pg_authid a
 WHERE a.rolcanlogin AND a.rolpassword LIKE 'md5%'
 ORDER BY a.rolname

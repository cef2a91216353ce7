-- Where sessions of the replication role come from now. $1: its name.
-- rows: address
SELECT pg_catalog.host(a.client_addr) AS address
  FROM pg_catalog.pg_stat_activity a
 WHERE a.usename = $1::text
   AND a.client_addr IS NOT NULL
 LIMIT 1

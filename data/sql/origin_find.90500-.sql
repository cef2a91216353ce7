-- only: 90500-
-- Has this server that replication origin? $1: name.
-- rows: name, remote_lsn?
SELECT o.roname AS name,
       s.remote_lsn
  FROM pg_catalog.pg_replication_origin o
  LEFT JOIN pg_catalog.pg_replication_origin_status s
         ON s.external_id = o.roname
 WHERE o.roname = $1::text

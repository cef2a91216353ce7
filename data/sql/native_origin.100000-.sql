-- only: 100000-
-- Has this server that replication origin? For every role. $1: name.
-- rows: name
SELECT o.roname AS name
  FROM pg_catalog.pg_replication_origin o
 WHERE o.roname = $1::text

-- only: 90500-
-- $1: name.
SELECT pg_catalog.pg_replication_origin_create($1)

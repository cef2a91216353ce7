-- only: 90500-
-- $1: name.
-- row: pg_replication_origin_create
SELECT pg_catalog.pg_replication_origin_create($1)

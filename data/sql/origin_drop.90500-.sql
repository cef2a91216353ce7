-- only: 90500-
-- $1: name.
-- row: pg_replication_origin_drop
SELECT pg_catalog.pg_replication_origin_drop($1)

-- only: 90500-
-- What lies before that position has been applied. $1: name, $2: LSN.
-- row: pg_replication_origin_advance
SELECT pg_catalog.pg_replication_origin_advance($1, $2::pg_catalog.pg_lsn)

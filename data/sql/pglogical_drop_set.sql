-- $1: name.
-- row: drop_replication_set
SELECT pglogical.drop_replication_set($1::pg_catalog.name, true)

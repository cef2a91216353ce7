-- $1: name.
SELECT pglogical.drop_replication_set($1::pg_catalog.name, true)

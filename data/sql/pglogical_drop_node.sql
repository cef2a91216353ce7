-- $1: name. Its default replication sets go with it.
SELECT pglogical.drop_node($1::pg_catalog.name, true)

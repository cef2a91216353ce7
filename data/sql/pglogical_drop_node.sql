-- $1: name. Its default replication sets go with it.
-- row: drop_node
SELECT pglogical.drop_node($1::pg_catalog.name, true)

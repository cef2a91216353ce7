-- $1: name.
SELECT pglogical.create_replication_set($1)

-- $1: name.
-- row: create_replication_set
SELECT pglogical.create_replication_set($1::pg_catalog.name, true, true, true,
                                        true)

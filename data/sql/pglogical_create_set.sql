-- $1: name.
SELECT pglogical.create_replication_set($1::pg_catalog.name, true, true, true,
                                        true)

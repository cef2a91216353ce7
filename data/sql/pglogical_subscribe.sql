-- $1: name, $2: connection string, $3: replication set. The rows are there.
SELECT pglogical.create_subscription($1::pg_catalog.name, $2::pg_catalog.text,
                                     ARRAY[$3::pg_catalog.text], false, false)

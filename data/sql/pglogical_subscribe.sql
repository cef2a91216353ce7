-- $1: name, $2: connection string, $3: replication set. The rows are there.
-- row: create_subscription
SELECT pglogical.create_subscription($1::pg_catalog.name, $2::pg_catalog.text,
                                     ARRAY[$3::pg_catalog.text], false, false)

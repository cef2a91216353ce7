-- $1: name, $2: connection string, $3: replication set. The rows are there.
SELECT pglogical.create_subscription($1, $2, ARRAY[$3::text], false, false)

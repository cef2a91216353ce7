-- $1: name, $2: connection string, without a password.
SELECT pglogical.create_node($1, $2)

-- $1: name, $2: connection string, without a password.
SELECT pglogical.create_node($1::pg_catalog.name, $2::pg_catalog.text)

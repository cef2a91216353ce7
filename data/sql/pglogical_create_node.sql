-- $1: name, $2: connection string, without a password.
-- row: create_node
SELECT pglogical.create_node($1::pg_catalog.name, $2::pg_catalog.text)

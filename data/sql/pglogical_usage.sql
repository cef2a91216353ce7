-- May a role use the schema of pglogical? $1: role.
-- row: has_schema_privilege
SELECT pg_catalog.has_schema_privilege($1::name, 'pglogical', 'USAGE')

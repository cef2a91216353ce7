-- The file of a table, not as a snapshot has it but as it is. $1: oid.
-- row: filenode?
SELECT pg_catalog.pg_relation_filenode($1::pg_catalog.oid)::text AS filenode

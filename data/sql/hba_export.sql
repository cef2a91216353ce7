-- Writes a large object over a file of the server, whose owner and mode stay.
-- $1: object, $2: path, $3: what is added to the path.
-- row: lo_export
SELECT pg_catalog.lo_export($1::oid, $2::text || $3::text)

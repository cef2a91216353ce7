-- A file of the server as a large object; reads any path on any version.
-- $1: path.
-- row: lo_import
SELECT pg_catalog.lo_import($1::text)

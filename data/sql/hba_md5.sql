-- $1: large object.
-- row: md5
SELECT pg_catalog.md5(pg_catalog.lo_get($1::oid))

-- $1: large object.
SELECT pg_catalog.md5(pg_catalog.lo_get($1::oid))

-- A large object without the one place where a text stands in it; no row when
-- it is not there. $1: text, $2: object.
-- rows: lo_from_bytea
SELECT pg_catalog.lo_from_bytea(
           0, pg_catalog.overlay(f.whole, ''::bytea,
                  pg_catalog.position(f.whole, f.part),
                  pg_catalog.octet_length(f.part)))
  FROM (SELECT pg_catalog.lo_get($2::oid) AS whole,
               pg_catalog.convert_to($1::text, 'UTF8') AS part) f
 WHERE pg_catalog.position(f.whole, f.part) > 0

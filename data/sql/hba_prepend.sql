-- A large object: a text, then another large object. $1: text, $2: object.
-- row: lo_from_bytea
SELECT pg_catalog.lo_from_bytea(
           0, pg_catalog.convert_to($1::text, 'UTF8')
              OPERATOR(pg_catalog.||) pg_catalog.lo_get($2::oid))

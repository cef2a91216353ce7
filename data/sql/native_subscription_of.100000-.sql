-- only: 100000-
-- Has this server a subscription of that number? $1: its oid.
-- rows: name
SELECT s.subname AS name
  FROM pg_catalog.pg_subscription s
 WHERE s.oid = $1::oid

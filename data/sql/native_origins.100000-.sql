-- only: 100000-
-- An origin of a subscription that is gone.
SELECT o.roname AS name
  FROM pg_catalog.pg_replication_origin o
 WHERE o.roname ~ '^pg_[0-9]+(_[0-9]+)?$'
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.pg_subscription s
                    WHERE s.oid::text = pg_catalog.split_part(o.roname, '_', 2))
 LIMIT 1

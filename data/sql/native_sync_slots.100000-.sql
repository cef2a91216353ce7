-- only: 100000-
-- Slots of this database that a server's subscriptions made for the first copy
-- of a table, and that nobody uses. $1: that server's system identifier.
-- rows: name, subscription
SELECT r.slot_name::text AS name,
       pg_catalog.split_part(r.slot_name::text, '_', 2) AS subscription
  FROM pg_catalog.pg_replication_slots r
 WHERE r.database = pg_catalog.current_database()
   AND NOT r.active
   AND NOT r.temporary
   AND r.slot_name::text ~ ('^pg_[0-9]+_sync_[0-9]+_' || $1::text || '$')
 ORDER BY 1

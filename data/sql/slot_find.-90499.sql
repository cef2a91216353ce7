-- $1: name. 9.4 does not say which process uses it.
-- rows: active, plugin?, database?, pid?
SELECT s.active, s.plugin, s.database, NULL::integer AS pid
  FROM pg_catalog.pg_replication_slots s
 WHERE s.slot_name = $1

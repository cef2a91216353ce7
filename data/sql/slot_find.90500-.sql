-- $1: name. pid: the process that uses it.
-- rows: active, plugin?, database?, pid?
SELECT s.active, s.plugin, s.database, s.active_pid AS pid
  FROM pg_catalog.pg_replication_slots s
 WHERE s.slot_name = $1

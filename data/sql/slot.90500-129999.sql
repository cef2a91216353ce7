-- A replication slot and the process that uses it. $1: its name.
-- rows: plugin?, database?, here?, active, pid?, lost
SELECT s.plugin,
       s.database,
       s.database = pg_catalog.current_database() AS here,
       s.active,
       s.active_pid AS pid,
       false AS lost
  FROM pg_catalog.pg_replication_slots s
 WHERE s.slot_name = $1

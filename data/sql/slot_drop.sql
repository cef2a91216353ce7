-- Drops a replication slot of this database when it is there and not in use;
-- says if it did. $1: its name.
-- rows: pg_drop_replication_slot
SELECT pg_catalog.pg_drop_replication_slot(s.slot_name)
  FROM pg_catalog.pg_replication_slots s
 WHERE s.slot_name = $1
   AND s.database = pg_catalog.current_database()
   AND NOT s.active

-- Does that slot still begin where it was made? $1: name, $2: its consistent
-- point. No row: there is none.
-- rows: unread?
SELECT s.confirmed_flush_lsn = $2::pg_catalog.pg_lsn AS unread
  FROM pg_catalog.pg_replication_slots s
 WHERE s.slot_name = $1

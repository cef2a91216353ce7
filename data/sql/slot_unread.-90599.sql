-- Does that slot still begin where it was made? Its readers' position is not
-- told before 9.6, but one that was made anew keeps no WAL from before it.
-- $1: name, $2: its consistent point. No row: there is none.
-- rows: unread?
SELECT s.restart_lsn <= $2::pg_catalog.pg_lsn AS unread
  FROM pg_catalog.pg_replication_slots s
 WHERE s.slot_name = $1

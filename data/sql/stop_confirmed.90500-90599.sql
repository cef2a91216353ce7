-- How far the reader of a slot has confirmed; 9.5 tells it by the sender only.
-- $1: slot, $2: position to be reached.
-- rows: lsn?, reached, remaining?
SELECT r.flush_location::text AS lsn,
       coalesce(r.flush_location >= $2::pg_catalog.pg_lsn, false) AS reached,
       ($2::pg_catalog.pg_lsn - r.flush_location)::bigint AS remaining
  FROM pg_catalog.pg_replication_slots s
  LEFT JOIN pg_catalog.pg_stat_replication r ON r.pid = s.active_pid
 WHERE s.slot_name = $1::text

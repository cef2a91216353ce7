-- How far the reader of a slot has confirmed.
-- $1: slot, $2: position to be reached.
-- rows: lsn?, reached, remaining?
SELECT s.confirmed_flush_lsn::text AS lsn,
       coalesce(s.confirmed_flush_lsn >= $2::pg_catalog.pg_lsn, false)
           AS reached,
       ($2::pg_catalog.pg_lsn - s.confirmed_flush_lsn)::bigint AS remaining
  FROM pg_catalog.pg_replication_slots s
 WHERE s.slot_name = $1::text

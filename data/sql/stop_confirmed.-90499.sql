-- How far the reader of a slot has confirmed; 9.4 tells it by the sender only,
-- whose name is the subscription's, the end of the slot's name.
-- $1: slot, $2: position to be reached.
-- rows: lsn?, reached, remaining?
SELECT r.flush_location::text AS lsn,
       coalesce(r.flush_location >= $2::pg_catalog.pg_lsn, false) AS reached,
       ($2::pg_catalog.pg_lsn - r.flush_location)::bigint AS remaining
  FROM pg_catalog.pg_replication_slots s
  LEFT JOIN pg_catalog.pg_stat_replication r
         ON r.application_name LIKE 'pgrepup\_%'
        AND pg_catalog.right(s.slot_name::text,
                             pg_catalog.length(r.application_name))
            = r.application_name
 WHERE s.slot_name = $1::text

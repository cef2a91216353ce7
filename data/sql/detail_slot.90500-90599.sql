-- One slot and who reads it, by its name. seconds: since its reader began;
-- reply_seconds: since that was heard of. $1: slot.
-- rows: slot, active, pid?, lsn, restart_lsn?, confirmed_lsn?, difference?
-- rows: retained?, wal_status?, safe?, state?, seconds?, reply_seconds?
SELECT s.slot_name AS slot,
       s.active,
       s.active_pid AS pid,
       l.lsn::text AS lsn,
       s.restart_lsn::text AS restart_lsn,
       r.flush_location::text AS confirmed_lsn,
       (l.lsn - r.flush_location)::bigint AS difference,
       (l.lsn - s.restart_lsn)::bigint AS retained,
       NULL::text AS wal_status,
       NULL::bigint AS safe,
       r.state,
       extract(epoch FROM pg_catalog.clock_timestamp()
                          - r.backend_start) AS seconds,
       NULL::double precision AS reply_seconds
  FROM (SELECT pg_catalog.pg_current_xlog_location() AS lsn) l
 CROSS JOIN pg_catalog.pg_replication_slots s
  LEFT JOIN pg_catalog.pg_stat_replication r
         ON r.pid = s.active_pid
 WHERE s.slot_name = $1::text

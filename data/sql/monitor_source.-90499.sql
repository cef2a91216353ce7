-- Every slot of this cluster and how far its reader is behind, in one answer;
-- a row without a slot when there is none. retained: WAL that is kept for it;
-- safe: how much more may be written before it is lost; lost: it is.
-- What is confirmed 9.4 tells by the sender only, whose name is that of the
-- subscription, the end of the slot's name.
-- rows: lsn, slot?, database?, active?, difference?, retained?, safe?, lost
SELECT l.lsn::text AS lsn,
       s.slot_name AS slot,
       s.database,
       s.active,
       (l.lsn - greatest(r.flush_location, s.restart_lsn))::bigint
           AS difference,
       (l.lsn - s.restart_lsn)::bigint AS retained,
       NULL::bigint AS safe,
       false AS lost
  FROM (SELECT pg_catalog.pg_current_xlog_location() AS lsn) l
  LEFT JOIN pg_catalog.pg_replication_slots s ON s.slot_type = 'logical'
  LEFT JOIN pg_catalog.pg_stat_replication r
         ON r.application_name LIKE 'pgrepup\_%'
        AND pg_catalog.right(s.slot_name::text,
                             pg_catalog.length(r.application_name))
            = r.application_name

-- Every slot of this cluster and how far its reader is behind, in one answer;
-- a row without a slot when there is none. retained: WAL that is kept for it;
-- safe: how much more may be written before it is lost; lost: it is.
-- rows: lsn, slot?, database?, active?, difference?, retained?, safe?, lost
SELECT l.lsn::text AS lsn,
       s.slot_name AS slot,
       s.database,
       s.active,
       (l.lsn - s.confirmed_flush_lsn)::bigint AS difference,
       (l.lsn - s.restart_lsn)::bigint AS retained,
       s.safe_wal_size AS safe,
       coalesce(s.wal_status = 'lost', false) AS lost
  FROM (SELECT pg_catalog.pg_current_wal_lsn() AS lsn) l
  LEFT JOIN pg_catalog.pg_replication_slots s ON s.slot_type = 'logical'

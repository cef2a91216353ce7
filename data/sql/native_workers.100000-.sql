-- only: 100000-
-- The workers of this database's subscriptions, and when they were last heard
-- of.
-- rows: what, pid, state?, seconds?, message_seconds?
SELECT 'apply ' || s.subname AS what,
       w.pid,
       a.state,
       extract(epoch FROM pg_catalog.clock_timestamp()
                          - a.backend_start) AS seconds,
       extract(epoch FROM pg_catalog.clock_timestamp()
                          - w.last_msg_receipt_time) AS message_seconds
  FROM pg_catalog.pg_subscription s
  JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
  JOIN pg_catalog.pg_stat_subscription w ON w.subid = s.oid
  LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = w.pid
 WHERE d.datname = pg_catalog.current_database()
   AND w.pid IS NOT NULL
   AND w.relid IS NULL
 ORDER BY 1, 2

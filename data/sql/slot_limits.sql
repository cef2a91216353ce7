-- Settings by which a source gives up a slot or a reader that is only slow.
SELECT s.name,
       pg_catalog.current_setting(s.name) AS current,
       v.needed
  FROM pg_catalog.pg_settings s
  JOIN (VALUES ('max_slot_wal_keep_size', '-1 (no limit)'),
               ('idle_replication_slot_timeout', '0 (never)'),
               ('wal_sender_timeout', '0 or at least 30s')) AS v (name, needed)
       ON v.name = s.name
 WHERE CASE s.name WHEN 'max_slot_wal_keep_size' THEN s.setting <> '-1'
                   WHEN 'idle_replication_slot_timeout' THEN s.setting <> '0'
                   WHEN 'wal_sender_timeout'
                       THEN s.setting::bigint BETWEEN 1 AND 29999
                   ELSE false
       END
 ORDER BY 1

-- Settings by which a source gives up a slot or a reader that is only slow. A
-- bound of WAL that is as big as all databases is one that somebody has chosen
-- by the room on the disk, and right: without one a table that stops apply, by
-- an ALTER of its owner's, lets the disk run full for all.
-- rows: name, current, needed
SELECT s.name,
       pg_catalog.current_setting(s.name) AS current,
       v.needed
  FROM pg_catalog.pg_settings s
  JOIN (VALUES ('max_slot_wal_keep_size',
                '-1 (no limit), or at least the size of all databases'),
               ('idle_replication_slot_timeout', '0 (never)'),
               ('wal_sender_timeout', '0 or at least 30s')) AS v (name, needed)
       ON v.name = s.name
 WHERE CASE s.name WHEN 'max_slot_wal_keep_size'
                       THEN s.setting <> '-1'
                        AND s.setting::bigint * 1048576 <
                            (SELECT sum(pg_catalog.pg_database_size(d.oid))
                               FROM pg_catalog.pg_database d
                              WHERE pg_catalog.has_database_privilege(
                                        d.oid, 'CONNECT'))
                   WHEN 'idle_replication_slot_timeout' THEN s.setting <> '0'
                   WHEN 'wal_sender_timeout'
                       THEN s.setting::bigint BETWEEN 1 AND 29999
                   ELSE false
       END
 ORDER BY 1

-- Takes the lock of pgrepup for this session, or tells who has it. The key is
-- the text "pgrepup" in bytes. Advisory locks are per database, and a pgrepup
-- elsewhere may be connected to another one: first ours, then a look for
-- others, so that of two at once never both go on.
SELECT l.locked AND h.holder IS NULL AS locked, h.holder
  FROM (SELECT pg_catalog.pg_try_advisory_lock(7366514, 1702192496)
                   AS locked) AS l
  LEFT JOIN LATERAL
       (SELECT k.pid::text || coalesce(' from ' || a.client_addr::text, '')
               || coalesce(' since ' || a.backend_start::text, '') AS holder
          FROM pg_catalog.pg_locks k
          LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = k.pid
         WHERE k.locktype = 'advisory'
           AND k.granted
           AND k.classid = 7366514::oid
           AND k.objid = 1702192496::oid
           AND k.objsubid = 2
           AND k.pid <> pg_catalog.pg_backend_pid()
           AND l.locked IS NOT NULL
         LIMIT 1) AS h ON true

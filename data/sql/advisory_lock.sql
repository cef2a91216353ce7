-- Takes the lock of pgrepup for this session, or tells who has it. The class is
-- the text "pgre" in bytes, of the rest each session has one of its own: anybody
-- may take an advisory lock, and would keep pgrepup out. First ours, then a
-- look for others, superusers or this role, in whatever database: of two at once
-- never both go on.
-- row: locked, holder?
SELECT h.holder IS NULL AS locked, h.holder
  FROM (SELECT pg_catalog.pg_try_advisory_lock(
                   7366514, (pg_catalog.random() * 2147483647)::integer)
                   AS locked) AS l
  LEFT JOIN LATERAL
       (SELECT k.pid::text || ' of role ' || r.rolname
               || coalesce(' from ' || a.client_addr::text, '')
               || coalesce(' since ' || a.backend_start::text, '') AS holder
          FROM pg_catalog.pg_locks k
          JOIN pg_catalog.pg_stat_activity a ON a.pid = k.pid
          JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid
         WHERE k.locktype = 'advisory'
           AND k.granted
           AND k.classid = 7366514::oid
           AND k.objsubid = 2
           AND k.pid <> pg_catalog.pg_backend_pid()
           AND (r.rolsuper OR r.rolname = current_user)
           AND l.locked IS NOT NULL
         LIMIT 1) AS h ON true

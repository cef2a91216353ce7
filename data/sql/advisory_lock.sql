-- Takes the lock of pgrepup for this session, or tells who has it. The key is
-- the text "pgrepup" in bytes; advisory locks are per database.
SELECT l.locked,
       (SELECT a.pid::text || COALESCE(' from ' || a.client_addr::text, '')
               || ' since ' || a.backend_start::text
          FROM pg_catalog.pg_locks k
          JOIN pg_catalog.pg_stat_activity a ON a.pid = k.pid
         WHERE k.locktype = 'advisory'
           AND NOT l.locked
           AND k.granted
           AND k.database = (SELECT d.oid
                               FROM pg_catalog.pg_database d
                              WHERE d.datname = pg_catalog.current_database())
           AND k.classid = 7366514::oid
           AND k.objid = 1702192496::oid
         LIMIT 1) AS holder
  FROM (SELECT pg_catalog.pg_try_advisory_lock(7366514, 1702192496)
                   AS locked) AS l

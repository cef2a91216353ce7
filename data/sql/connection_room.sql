-- Limits of connections that leave less room than an operation and the
-- replication role need. Superusers are not kept out, but count. $1: sessions.
-- rows: name, current, room
SELECT l.what AS name,
       l.used || ' of ' || l.most || ' in use' AS current,
       l.most - l.used AS room
  FROM (SELECT 'connection limit of the database'::text,
               d.datconnlimit,
               (SELECT count(*)
                  FROM pg_catalog.pg_stat_activity a
                 WHERE a.datid = d.oid)
          FROM pg_catalog.pg_database d
         WHERE d.datname = pg_catalog.current_database()
         UNION ALL
        SELECT 'connection limit of role ' || r.rolname,
               r.rolconnlimit,
               (SELECT count(*)
                  FROM pg_catalog.pg_stat_activity a
                 WHERE a.usesysid = r.oid)
          FROM pg_catalog.pg_roles r
         WHERE r.rolname = current_user
           AND NOT r.rolsuper) AS l (what, most, used)
 WHERE l.most >= 0
   AND l.most - l.used < $1::bigint
 ORDER BY 1

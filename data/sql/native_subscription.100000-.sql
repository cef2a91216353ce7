-- only: 100000-
-- A subscription of this database, and its apply worker, if it runs. (Whether
-- the source has answered that, its times do not say: the server sets them
-- when it starts.) pending: tables whose changes are not applied. $1: its name.
-- rows: oid, origin, enabled, slot?, pid?, pending
SELECT s.oid::text AS oid,
       'pg_' || s.oid::text AS origin,
       s.subenabled AS enabled,
       s.subslotname AS slot,
       w.pid,
       (SELECT count(*)
          FROM pg_catalog.pg_subscription_rel r
         WHERE r.srsubid = s.oid AND r.srsubstate <> 'r') AS pending
  FROM pg_catalog.pg_subscription s
  JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
  LEFT JOIN pg_catalog.pg_stat_subscription w
         ON w.subid = s.oid AND w.relid IS NULL AND w.pid IS NOT NULL
 WHERE d.datname = pg_catalog.current_database()
   AND s.subname = $1::text

-- What is in use on this server by others than this upgrade. Databases that
-- are still to be made are counted as there. $1: databases of the upgrade,
-- $2: slots of the upgrade, which its origins are named after.
-- row: connectable, slots, senders, workers, appliers, origins, standbys
SELECT (SELECT count(*)
          FROM (SELECT d.datname::text
                  FROM pg_catalog.pg_database d
                 WHERE d.datallowconn
                 UNION
                SELECT pg_catalog.unnest($1::text[])) d) AS connectable,
       (SELECT count(*)
          FROM pg_catalog.pg_replication_slots r
         WHERE r.slot_name::text <> ALL ($2::text[])) AS slots,
       greatest(0, (SELECT count(*) FROM pg_catalog.pg_stat_replication)
                   - (SELECT count(*)
                        FROM pg_catalog.pg_replication_slots r
                       WHERE r.active
                         AND r.slot_name::text = ANY ($2::text[]))) AS senders,
       (SELECT count(*)
          FROM pg_catalog.pg_stat_activity a
         WHERE a.backend_type NOT IN ('autovacuum launcher',
                   'autovacuum worker', 'background writer', 'checkpointer',
                   'client backend', 'startup', 'walreceiver', 'walsender',
                   'walwriter', 'walsummarizer', 'archiver', 'logger',
                   'slotsync worker', 'io worker', 'parallel worker',
                   'standalone backend')
           AND a.backend_type NOT LIKE 'pglogical%'
           AND a.backend_type NOT LIKE 'logical replication %worker')
           AS workers,
       (SELECT count(*)
          FROM pg_catalog.pg_stat_subscription w
         WHERE w.pid IS NOT NULL
           AND w.subname NOT LIKE 'pgrepup\_%') AS appliers,
       (SELECT count(*)
          FROM pg_catalog.pg_replication_origin o
         WHERE o.roname <> ALL ($2::text[])
           AND NOT EXISTS (SELECT 1
                             FROM pg_catalog.pg_subscription u
                            WHERE o.roname = 'pg_' || u.oid::text
                              AND u.subname LIKE 'pgrepup\_%')) AS origins,
       greatest(0, (SELECT count(*)
                      FROM pg_catalog.pg_stat_replication s
                     WHERE s.state IN ('streaming', 'catchup'))
                   - (SELECT count(*)
                        FROM pg_catalog.pg_replication_slots r
                       WHERE r.active AND r.slot_type = 'logical')) AS standbys

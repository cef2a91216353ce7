-- What is in use on this server by others than this upgrade. Databases that
-- are still to be made are counted as there. $1: databases of the upgrade,
-- $2: slots of the upgrade, which its origins are named after.
-- 9.4 has neither origins nor a way to tell background workers apart.
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
       0 AS workers,
       0 AS appliers,
       0 AS origins,
       greatest(0, (SELECT count(*)
                      FROM pg_catalog.pg_stat_replication s
                     WHERE s.state IN ('streaming', 'catchup'))
                   - (SELECT count(*)
                        FROM pg_catalog.pg_replication_slots r
                       WHERE r.active AND r.slot_type = 'logical')) AS standbys

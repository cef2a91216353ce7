-- What on this server may need the settings that pgrepup has set; asked when
-- its own slots and subscriptions are gone. slot_origins: origins where
-- max_replication_slots bounds them. Each subscription has an origin of its
-- number.
-- row: logical_slot?, pglogical_slot?, slots, senders, origins, subscriptions
-- row: slot_origins
SELECT (SELECT min(r.slot_name::text)
          FROM pg_catalog.pg_replication_slots r
         WHERE r.slot_type = 'logical') AS logical_slot,
       (SELECT min(r.slot_name::text)
          FROM pg_catalog.pg_replication_slots r
         WHERE r.plugin = 'pglogical_output') AS pglogical_slot,
       (SELECT count(*) FROM pg_catalog.pg_replication_slots) AS slots,
       (SELECT count(*) FROM pg_catalog.pg_stat_replication) AS senders,
       (SELECT count(*) FROM pg_catalog.pg_replication_origin) AS origins,
       (SELECT count(*)
          FROM pg_catalog.pg_replication_origin o
         WHERE o.roname ~ '^pg_[0-9]+$') AS subscriptions,
       0 AS slot_origins

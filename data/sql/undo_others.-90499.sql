-- What on this server may need the settings that pgrepup has set; asked when
-- its own slots and subscriptions are gone. slot_origins: origins where
-- max_replication_slots bounds them. max_wal_senders: what ALTER SYSTEM says;
-- without it there is again what the server ran with before.
SELECT (SELECT min(r.slot_name::text)
          FROM pg_catalog.pg_replication_slots r
         WHERE r.slot_type = 'logical') AS logical_slot,
       (SELECT min(r.slot_name::text)
          FROM pg_catalog.pg_replication_slots r
         WHERE r.plugin = 'pglogical_output') AS pglogical_slot,
       (SELECT count(*) FROM pg_catalog.pg_replication_slots) AS slots,
       (SELECT count(*) FROM pg_catalog.pg_stat_replication) AS senders,
       0 AS origins,
       0 AS slot_origins,
       coalesce((SELECT m.parts[1]::bigint
                   FROM pg_catalog.regexp_matches(
                            pg_catalog.pg_read_file('postgresql.auto.conf'),
                            '(?n)^max_wal_senders = ''([0-9]+)''$')
                            AS m (parts)), 0) AS max_wal_senders,
       pg_catalog.current_setting('archive_mode') <> 'off' AS archiving

-- The slots that look like this upgrade's, one a database, as an array.
-- $1: databases, $2: output plugin.
-- row: coalesce
SELECT coalesce(pg_catalog.array_agg(s.name), '{}')::text
  FROM (SELECT min(r.slot_name::text) AS name
          FROM pg_catalog.pg_replication_slots r
         WHERE r.plugin = $2::text
           AND r.database = ANY ($1::text[])
           AND r.slot_name LIKE '%pgrepup\_%'
         GROUP BY r.database) s

-- The slots of pgrepup that a subscription reads now. What reads has the name
-- of its subscription, which is the end of the slot's name.
-- rows: slot, database?, client
SELECT s.slot_name AS slot,
       s.database,
       coalesce(pg_catalog.host(r.client_addr), 'a local socket') AS client
  FROM pg_catalog.pg_replication_slots s
  JOIN pg_catalog.pg_stat_replication r
       ON pg_catalog.right(s.slot_name::text,
                           pg_catalog.length(r.application_name))
          = r.application_name
 WHERE s.active
   AND r.application_name LIKE 'pgrepup\_%'
 ORDER BY 2

-- Triggers and rules that fire although the session replicates: ENABLE ALWAYS
-- and ENABLE REPLICA, those on partitions included.
-- rows: kind, schema, name, part, enabled
SELECT 'trigger' AS kind, n.nspname AS schema, c.relname AS name,
       t.tgname AS part, t.tgenabled::text AS enabled
  FROM pg_catalog.pg_trigger t
  JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE t.tgenabled IN ('A', 'R')
   AND NOT (t.tgisinternal AND t.tgconstraint <> 0)
   AND c.relkind IN ('r', 'p')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgrepup',
                         'pglogical', 'pglogical_origin')
 UNION ALL
SELECT 'rule', n.nspname, c.relname, r.rulename, r.ev_enabled::text
  FROM pg_catalog.pg_rewrite r
  JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE r.ev_enabled IN ('A', 'R')
   AND c.relkind IN ('r', 'p')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgrepup',
                         'pglogical', 'pglogical_origin')
 ORDER BY 1, 2, 3, 4

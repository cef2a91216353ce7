-- When a rule works: its letter; no row when there is none. $1: schema,
-- $2: table, $3: rule.
-- rows: ev_enabled
SELECT r.ev_enabled::text
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid
 WHERE n.nspname = $1::text AND c.relname = $2::text AND r.rulename = $3::text

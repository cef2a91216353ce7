-- When a trigger fires: its letter; no row when there is none. $1: schema,
-- $2: table, $3: trigger.
-- rows: tgenabled
SELECT t.tgenabled::text
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
 WHERE n.nspname = $1::text AND c.relname = $2::text AND t.tgname = $3::text

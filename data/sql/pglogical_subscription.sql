-- $1: name.
-- rows: id, enabled, slot, database
SELECT s.sub_id::text AS id,
       s.sub_enabled AS enabled,
       s.sub_slot_name AS slot,
       d.oid::text AS database
  FROM pglogical.subscription s
  JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
 WHERE s.sub_name = $1

-- A table by its name: NULL when there is none. $1: schema, $2: table.
-- row: oid?
SELECT (SELECT c.oid::text
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = $1::text AND c.relname = $2::text) AS oid

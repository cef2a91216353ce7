-- Is there such a schema? $1: its name.
-- row: exists
SELECT EXISTS (SELECT 1
                 FROM pg_catalog.pg_namespace n
                WHERE n.nspname = $1::text)

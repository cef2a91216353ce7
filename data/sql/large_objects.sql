-- How many large objects this database has.
-- row: count
SELECT count(*) FROM pg_catalog.pg_largeobject_metadata

-- How many large objects this database has.
SELECT count(*) FROM pg_catalog.pg_largeobject_metadata

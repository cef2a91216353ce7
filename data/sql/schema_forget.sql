-- Before another schema is kept.
DELETE FROM pgrepup.schema_copied

-- From here on no object of this database counts as restored.
WITH a AS (DELETE FROM pgrepup.restored)
DELETE FROM pgrepup.schema_copied

-- All that registry_create made; without CASCADE, so that what depends on it
-- is an error that names it.
DROP TABLE pgrepup.change, pgrepup.load, pgrepup.load_table,
           pgrepup.barrier, pgrepup.schema_copied, pgrepup.restored

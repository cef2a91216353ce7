-- Entries of the schema that are restored in this database, in C order.
-- rows: key
SELECT r.key FROM pgrepup.restored r ORDER BY r.key COLLATE "C"

-- The tables that start copied.
SELECT t.schema, t.name FROM pgrepup.load_table t

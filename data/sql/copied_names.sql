-- The tables that start copied.
-- rows: schema, name
SELECT t.schema, t.name FROM pgrepup.load_table t

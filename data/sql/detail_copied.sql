-- The tables of this database that were copied.
-- rows: schema, name, rows, bytes
SELECT t.schema, t.name, t.rows, t.bytes
  FROM pgrepup.load_table t

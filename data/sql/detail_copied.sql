-- The tables of this database that were copied.
SELECT t.schema, t.name, t.rows, t.bytes
  FROM pgrepup.load_table t

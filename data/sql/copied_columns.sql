-- The tables that start copied, and the numbers that their columns had then.
-- rows: name, columns
SELECT t.schema || '.' || t.name AS name, t.columns
  FROM pgrepup.load_table t
 WHERE t.columns IS NOT NULL
 ORDER BY 1

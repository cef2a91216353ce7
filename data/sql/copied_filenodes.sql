-- The tables that start copied, and the files that they had on the source.
SELECT t.schema, t.name, t.filenode
  FROM pgrepup.load_table t
 ORDER BY 1, 2

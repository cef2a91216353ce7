-- The tables that start copied, the files that they had on the source, what
-- altered their columns, and the updates and deletes that it had counted.
-- rows: schema, name, filenode?, altered?, changes?
SELECT t.schema, t.name, t.filenode, t.altered, t.changes
  FROM pgrepup.load_table t
 ORDER BY 1, 2

-- The node of this database; no row when there is none.
-- rows: name
SELECT n.node_name AS name
  FROM pglogical.local_node l
  JOIN pglogical.node n ON n.node_id = l.node_id

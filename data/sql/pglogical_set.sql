-- A replication set of this database's node. $1: name.
-- rows: name
SELECT s.set_name AS name
  FROM pglogical.replication_set s
  JOIN pglogical.local_node l ON l.node_id = s.set_nodeid
 WHERE s.set_name = $1

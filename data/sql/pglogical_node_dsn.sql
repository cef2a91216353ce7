-- How this database reaches itself. $1: connection string.
UPDATE pglogical.node_interface
   SET if_dsn = $1
 WHERE if_id = (SELECT l.node_local_interface FROM pglogical.local_node l)

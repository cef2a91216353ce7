-- Tables of others in a replication set. $1: name of the set. Not by pglogical's view
-- "tables": sessions refuse views that are not the system's.
-- rows: schema, name
SELECT n.nspname AS schema, c.relname AS name
  FROM pglogical.replication_set_table t
  JOIN pglogical.replication_set s
       ON s.set_id OPERATOR(pg_catalog.=) t.set_id
  JOIN pglogical.local_node l
       ON l.node_id OPERATOR(pg_catalog.=) s.set_nodeid
  JOIN pg_catalog.pg_class c
       ON c.oid OPERATOR(pg_catalog.=) t.set_reloid::pg_catalog.oid
  JOIN pg_catalog.pg_namespace n
       ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
 WHERE s.set_name::pg_catalog.text OPERATOR(pg_catalog.=) $1::pg_catalog.text
   AND n.nspname OPERATOR(pg_catalog.<>) 'pgrepup'
 ORDER BY 1, 2

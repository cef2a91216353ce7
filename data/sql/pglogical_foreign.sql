-- What somebody else keeps in pglogical in this database, in words.
-- $1: name of our node, $2: of our set, $3: of our subscription; may be null.
-- rows: what
SELECT pg_catalog.format('node "%s"', n.node_name) AS what
  FROM pglogical.local_node l
  JOIN pglogical.node n ON n.node_id = l.node_id
 WHERE n.node_name IS DISTINCT FROM $1::name
UNION ALL
SELECT pg_catalog.format('subscription "%s"', s.sub_name)
  FROM pglogical.subscription s
 WHERE s.sub_name IS DISTINCT FROM $3::name
UNION ALL
SELECT pg_catalog.format('replication set "%s"', s.set_name)
  FROM pglogical.replication_set s
 WHERE s.set_name IS DISTINCT FROM $2::name
   AND (s.set_name NOT IN ('default', 'default_insert_only', 'ddl_sql')
        OR EXISTS (SELECT 1
                     FROM pglogical.replication_set_table t
                    WHERE t.set_id = s.set_id))
 ORDER BY 1

-- Replication slots of this database, and settings that keep it from writing.
-- rows: kind, name, what
SELECT 'slot'::text AS kind, r.slot_name::text AS name,
       'replication slot, plugin ' || r.plugin
       || CASE WHEN r.active THEN ', in use' ELSE ', not in use' END AS what
  FROM pg_catalog.pg_replication_slots r
 WHERE r.database = pg_catalog.current_database()
UNION ALL
SELECT 'read_only', coalesce(a.rolname::text, ''),
       'default_transaction_read_only is on for this database'
       || coalesce(' and role ' || a.rolname, '')
  FROM pg_catalog.pg_db_role_setting s
  JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
  LEFT JOIN pg_catalog.pg_roles a ON a.oid = s.setrole
 WHERE d.datname = pg_catalog.current_database()
   AND s.setconfig && ARRAY['default_transaction_read_only=on',
                            'default_transaction_read_only=true']
 ORDER BY 1, 2

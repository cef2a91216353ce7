-- The tables that pgrepup fills now: it has emptied them in the same
-- transaction. How far they are is not told before 14.
-- rows: schema, name, rows?
SELECT n.nspname AS schema,
       c.relname AS name,
       NULL::bigint AS rows
  FROM pg_catalog.pg_stat_activity a
  JOIN pg_catalog.pg_locks k ON k.pid = a.pid
  JOIN pg_catalog.pg_class c ON c.oid = k.relation
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE a.datname = pg_catalog.current_database()
   AND a.application_name OPERATOR(pg_catalog.=) 'pgrepup'
   AND a.usename OPERATOR(pg_catalog.=) current_user
   AND k.locktype = 'relation'
   AND k.mode = 'AccessExclusiveLock'
   AND k.granted
   AND c.relkind = 'r'
   AND k.database = (SELECT d.oid
                       FROM pg_catalog.pg_database d
                      WHERE d.datname = pg_catalog.current_database())
